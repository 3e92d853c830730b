package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.ErrorClass;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    static ObjectStore store;

    private final StorageMetrics metrics = new StorageMetrics(new SimpleMeterRegistry());

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        s3 = EmbeddedS3.start(directory.resolve("s3"));
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        states = new JobStates(kafka.bootstrapServers(), "test");
        store = store(s3.endpoint());
    }

    @AfterAll
    static void stop() {
        store.close();
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
        assertThat(store.stat(path).size()).isEqualTo(part.length);
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
        assertThatThrownBy(() -> store.stat(path)).isInstanceOf(StoreException.class);
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
        try (EventPublisher publisher = EventPublisher.to(kafka.bootstrapServers());
                UploadSession session = new UploadSession(
                        new StreamHead(video.job(), 1, Map.of()),
                        store,
                        new Connections(publisher, states, new JobEnds(kafka.bootstrapServers(), states)),
                        metrics)) {
            session.accept(new Frame(0, 1, List.of(), "u8", Map.of(), ByteBuffer.wrap(video.file(1))));
            // When
            states.note(new JobEvent.Failed(
                    "late", 1, Instant.now(), new JobEvent.Failure("X", ErrorClass.PERMANENT, "x"), false));
            session.complete();
        }
        // Then
        assertThatThrownBy(() -> store.stat(new ObjectPath("videos", "clips/late.mp4")))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isAway()).isFalse());
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
        assertThat(new VideoResource(service).video("unknown", "").getStatus()).isEqualTo(404);
    }

    private ObjectUpload upload(ObjectStore target, ObjectPath path, String jobId) {
        return new ObjectUpload(target, path, new Patience(states, metrics, jobId), Map.of("job-id", jobId));
    }

    private static ObjectStore store(String endpoint) {
        return new ObjectStore(endpoint, EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY, "us-east-1");
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
