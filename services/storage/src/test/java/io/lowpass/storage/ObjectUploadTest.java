package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Proxy;
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
    private static final Duration HOUR = Duration.ofHours(1);

    /** Who is not told of a video has no use for headers. */
    private static final HttpHeaders NO_HEADERS = (HttpHeaders) Proxy.newProxyInstance(
            ObjectUploadTest.class.getClassLoader(), new Class<?>[] {HttpHeaders.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
            });

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
                new StreamHead(video.job(), 1, Map.of(), Instant.now()),
                context(store),
                new Connections(publisher, states, new JobEnds(kafka.bootstrapServers(), states)))) {
            session.accept(new Frame(0, 1, List.of(), "u8", Map.of(), ByteBuffer.wrap(video.file(1))));
            // When
            states.note(new JobEvent.Failed(
                    "late", 1, Instant.now(), new JobEvent.Failure("X", ErrorClass.PERMANENT, "x"), false));
            session.complete();
            // As it is read after partitions were added to the topic
            states.note(new JobEvent.Accepted("late", Instant.now(), video.job(), "0".repeat(64)));
        }
        // Then
        assertThat(states.isLeft(video.job().output())).isTrue();
        assertThatThrownBy(() -> store.stat(new ObjectPath("videos", "clips/late.mp4"), Optional.empty()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isGone()).isTrue());
    }

    @Test
    void whileTheStatesAreNotKnownNoVideoIsSaidNotToBeThere() {
        // Given
        StorageService service = service(s3.endpoint());
        VideoResource videos = new VideoResource(service);
        // Then: nothing has been read
        try (Response early = videos.head("nobody", NO_HEADERS)) {
            assertThat(early.getStatus()).isEqualTo(503);
            assertThat(early.getHeaderString(HttpHeaders.RETRY_AFTER)).isEqualTo("5");
        }
        try (Response early = videos.video("nobody", NO_HEADERS)) {
            assertThat(early.getEntity()).asString().contains("BROKER.AWAY");
        }
        // When
        service.start(new StartupEvent());
        // Then
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> status(videos, "nobody") == 404);
        } finally {
            service.stop(new ShutdownEvent());
        }
    }

    private static int status(VideoResource videos, String jobId) {
        try (Response answer = videos.head(jobId, NO_HEADERS)) {
            return answer.getStatus();
        }
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
                new UploadRetry(
                        context(target), connections, new UploadRetry.Upload(jobId, 1, path.bucket(), Instant.now())),
                Map.of("job-id", jobId));
    }

    private static ObjectStore store(String endpoint) {
        return new ObjectStore(endpoint, EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY, "us-east-1");
    }

    private static UploadContext context(ObjectStore target) {
        return StorageProcess.context(target, new WaitingUploads.Limits(HOUR, HOUR, HOUR));
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
