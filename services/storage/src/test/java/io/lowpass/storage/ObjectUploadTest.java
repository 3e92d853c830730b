package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.streaming.Connections;
import io.lowpass.streaming.Frame;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.JobStates;
import io.lowpass.streaming.StageException;
import io.lowpass.streaming.StreamHead;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong between this service and the store. */
class ObjectUploadTest {

    private static final String NOWHERE = "http://127.0.0.1:1";

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static EmbeddedS3 s3;
    static JobStates states;
    static EventPublisher publisher;
    static ObjectStore store;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        s3 = EmbeddedS3.start(directory.resolve("s3"));
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        states = new JobStates(kafka.bootstrapServers(), "test");
        publisher = EventPublisher.to(kafka.bootstrapServers());
        store = store(s3.endpoint());
    }

    @AfterAll
    static void stop() {
        store.close();
        publisher.close();
        states.close();
        s3.close();
        kafka.close();
    }

    @Test
    void anObjectWhoseCompletionWasNotAnsweredIsTakenAsDone() throws Exception {
        // Given: a part in the store, completed behind the upload's back
        ObjectPath path = new ObjectPath("videos", "unanswered.mp4");
        byte[] part = new byte[ObjectUpload.PART];
        try (ObjectUpload upload = upload(store, path, "unanswered")) {
            upload.begin();
            upload.write(ByteBuffer.wrap(part));
            String id = store.unfinished(path).get(0);
            store.complete(path, id, List.of(store.part(path, id, 1, part)));
            // When
            upload.finish();
        }
        // Then
        assertThat(store.stat(path, Optional.empty()).size()).isEqualTo(part.length);
    }

    @Test
    void anUploadThatIsGoneIsBegunAnew() throws Exception {
        // Given
        ObjectPath path = new ObjectPath("videos", "gone.mp4");
        try (ObjectUpload upload = upload(store, path, "gone")) {
            upload.begin();
            upload.write(ByteBuffer.wrap(new byte[ObjectUpload.PART]));
            // When
            store.abort(path, store.unfinished(path).get(0));
            // Then
            assertThatThrownBy(upload::finish).isInstanceOfSatisfying(StageException.class, e -> {
                assertThat(e.code()).isEqualTo("STORE.NOSUCHUPLOAD");
                assertThat(e.isRetryable()).isTrue();
            });
        }
        assertThatThrownBy(() -> store.stat(path, Optional.empty())).isInstanceOf(StoreException.class);
    }

    @Test
    void nobodyWaitsForAStoreOnBehalfOfACancelledJob() {
        // Given
        states.note(new JobEvent.CancelRequested("unwanted", Instant.now(), "enough"));
        try (ObjectStore away = store(NOWHERE);
                ObjectUpload upload = upload(away, new ObjectPath("videos", "unwanted.mp4"), "unwanted")) {
            // Then
            assertThatThrownBy(upload::begin)
                    .isInstanceOfSatisfying(
                            StageException.class, e -> assertThat(e.code()).isEqualTo("JOB.UNWANTED"));
        }
    }

    @Test
    void aJobThatIsOverGetsNoObject() throws Exception {
        // Given
        MediaSource video = MediaSource.of("late", 1, 100);
        try (UploadSession session = new UploadSession(
                new StreamHead(video.job(), 1, Map.of()),
                workplace(store),
                new Connections(publisher, states, new JobEnds(kafka.bootstrapServers(), states)))) {
            session.accept(new Frame(0, 1, List.of(), "u8", Map.of(), ByteBuffer.wrap(video.file(1))));
            // When
            states.note(new JobEvent.Failed(
                    "late", 1, Instant.now(), new JobEvent.Failure("X", ErrorClass.PERMANENT, "x"), false));
            session.complete();
        }
        // Then
        assertThatThrownBy(() -> store.stat(new ObjectPath("videos", "clips/late.mp4"), Optional.empty()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isGone()).isTrue());
    }

    @Test
    void theServiceIsNotReadyWhileTheStoreIsAway() {
        // Given
        StorageService service = service(NOWHERE);
        // Then
        assertThat(service.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("does not answer"));
        assertThat(new StorageHealth(service)
                        .ready()
                        .call()
                        .await()
                        .indefinitely()
                        .getStatus())
                .isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(service(s3.endpoint()).problem()).isEmpty();
    }

    private ObjectUpload upload(ObjectStore target, ObjectPath path, String jobId) {
        Connections connections = new Connections(publisher, states, new JobEnds(kafka.bootstrapServers(), states));
        return new ObjectUpload(
                target,
                path,
                new Patience(workplace(target), connections, new Patience.Whose(jobId, 1, path.bucket())),
                Map.of("job-id", jobId));
    }

    private static ObjectStore store(String endpoint) {
        return new ObjectStore(endpoint, EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY, "us-east-1");
    }

    private static Workplace workplace(ObjectStore target) {
        Duration hour = Duration.ofHours(1);
        return StorageProcess.workplace(target, new StoreWaits.Limits(hour, hour, hour));
    }

    private static StorageService service(String endpoint) {
        StorageSettings settings = new StorageSettings() {
            @Override
            public String bucket() {
                return "videos";
            }

            @Override
            public String group() {
                return "group";
            }

            @Override
            public int uploads() {
                return 1;
            }

            @Override
            public long buffer() {
                return 1;
            }

            @Override
            public Duration objectPatience() {
                return Duration.ofHours(1);
            }

            @Override
            public Duration credentialsPatience() {
                return Duration.ofHours(1);
            }

            @Override
            public Duration storePatience() {
                return Duration.ofHours(1);
            }
        };
        S3Settings s3Settings = new S3Settings() {
            @Override
            public String endpoint() {
                return endpoint;
            }

            @Override
            public String accessKey() {
                return EmbeddedS3.DEFAULT_KEY;
            }

            @Override
            public String secretKey() {
                return EmbeddedS3.DEFAULT_KEY;
            }

            @Override
            public String region() {
                return "us-east-1";
            }
        };
        return new StorageService(settings, s3Settings, kafka.bootstrapServers(), new SimpleMeterRegistry());
    }
}
