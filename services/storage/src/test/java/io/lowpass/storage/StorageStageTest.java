package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.Video;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.streaming.Connections;
import io.lowpass.streaming.Ending;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.PipelineStage;
import io.lowpass.streaming.StreamHead;
import io.lowpass.streaming.StreamService;
import io.lowpass.streaming.StreamSession;
import io.lowpass.streaming.StreamSettings;
import io.lowpass.testing.kafka.HeldProducer;
import io.lowpass.testing.kafka.TopicRecords;
import io.minio.StatObjectResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a service works while it is open
class StorageStageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int LARGE = 3 << 20;

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static TopicRecords stateTopic;
    static EmbeddedS3 s3;
    static EventPublisher publisher;
    static ObjectStore store;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        s3 = EmbeddedS3.start(directory.resolve("s3"));
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        stateTopic = new TopicRecords(kafka.bootstrapServers(), Topics.STATE);
        publisher = EventPublisher.to(kafka.bootstrapServers());
        store = store(s3.endpoint());
    }

    @AfterAll
    static void stop() {
        stateTopic.close();
        publisher.close();
        store.close();
        s3.close();
        kafka.close();
    }

    @Test
    void aVideoBecomesAnObjectAndTheJobIsCompletedOnce() throws Exception {
        // Given
        MediaSource small = MediaSource.of("small", 5, 1000);
        // When: all of it, and again
        small.chunks(1).forEach(this::send);
        small.chunks(1).forEach(this::send);
        try (StreamService service = storage(store)) {
            awaitState("small");
            small.chunks(1).forEach(this::send);
            settle();
        }
        // Then
        String digest = sha256(small.file(1));
        assertThat(object("small")).isEqualTo(small.file(1));
        StatObjectResponse stat = store.stat(path("small"), Optional.empty());
        assertThat(stat.contentType()).isEqualTo("video/mp4");
        assertThat(stat.userMetadata().getFirst("seed")).isEqualTo("7");
        assertThat(states("small")).singleElement().isInstanceOfSatisfying(JobEvent.Completed.class, event -> {
            assertThat(event.output())
                    .isEqualTo(new Video(
                            "videos",
                            "clips/small.mp4",
                            "s3://videos/clips/small.mp4",
                            "video/mp4",
                            5000,
                            digest,
                            128,
                            64,
                            9,
                            8,
                            Optional.of(stat.etag())));
            assertThat(event.timings()).containsOnlyKeys("queued", "text", "denoise", "decode", "upload", "total");
            assertThat(event.cache()).isEqualTo(new StepCounts(4, 3, 1, 0));
            assertThat(event.seed()).isEqualTo(7);
        });
    }

    @Test
    void partsOfInterleavedVideosLeaveWhileTheyArrive() {
        // Given: fragments larger than a record, of two jobs
        MediaSource first = MediaSource.of("large-a", 4, LARGE);
        MediaSource second = MediaSource.of("large-b", 4, LARGE);
        List<Chunk> a = first.chunks(1);
        List<Chunk> b = second.chunks(1);
        int half = a.size() / 2;
        try (StreamService service = storage(store)) {
            // When
            IntStream.range(0, half).forEach(i -> send(a.get(i), b.get(i)));
            await().atMost(PATIENCE)
                    .until(() -> store.unfinished(path("large-a")).size() == 1
                            && store.unfinished(path("large-b")).size() == 1);
            IntStream.range(half, a.size()).forEach(i -> send(a.get(i), b.get(i)));
            awaitState("large-a");
            awaitState("large-b");
        }
        // Then
        assertThat(object("large-a")).isEqualTo(first.file(1));
        assertThat(object("large-b")).isEqualTo(second.file(1));
        assertThat(store.unfinished(path("large-a"))).isEmpty();
        assertThat(states("large-a")).hasSize(1);
    }

    @Test
    void aRestartInTheMiddleLosesNothingAndLeavesNoParts() {
        // Given
        MediaSource video = MediaSource.of("restart", 4, LARGE);
        List<Chunk> chunks = video.chunks(1);
        try (StreamService service = storage(store)) {
            chunks.subList(0, 9).forEach(this::send);
            await().atMost(PATIENCE)
                    .until(() -> !store.unfinished(path("restart")).isEmpty());
        }
        String left = store.begin(path("restart"), Map.of()); // what a killed process leaves
        // When
        try (StreamService service = storage(store)) {
            chunks.subList(9, chunks.size()).forEach(this::send);
            awaitState("restart");
        }
        // Then
        assertThat(object("restart")).isEqualTo(video.file(1));
        assertThat(states("restart")).singleElement().isInstanceOf(JobEvent.Completed.class);
        assertThat(store.unfinished(path("restart"))).doesNotContain(left).isEmpty();
    }

    @Test
    void theVideoOfAKilledProcessIsStoredByAnother() {
        // Given: parts of the video are uploaded
        MediaSource video = MediaSource.of("killed", 4, LARGE);
        List<Chunk> chunks = video.chunks(1);
        Process process = StorageProcess.start(kafka.bootstrapServers(), s3.endpoint(), directory.resolve("unused"));
        chunks.subList(0, 9).forEach(this::send);
        await().atMost(PATIENCE).until(() -> !store.unfinished(path("killed")).isEmpty());
        // When
        process.destroyForcibly();
        try (StreamService service = storage(store)) {
            chunks.subList(9, chunks.size()).forEach(this::send);
            awaitState("killed");
            settle();
        }
        // Then
        assertThat(object("killed")).isEqualTo(video.file(1));
        assertThat(states("killed")).singleElement().isInstanceOf(JobEvent.Completed.class);
        assertThat(store.unfinished(path("killed"))).isEmpty();
    }

    @Test
    void aProcessThatIsKilledWhileItSaysItsLastWordIsFollowedByAnotherThatSaysIt() {
        // Given: the object is there, and its event is written but not committed
        MediaSource video = MediaSource.of("last-word", 3, 1000);
        Path hangs = directory.resolve("hangs");
        Process process = StorageProcess.start(kafka.bootstrapServers(), s3.endpoint(), hangs);
        video.chunks(1).forEach(this::send);
        await().atMost(PATIENCE).until(() -> Files.exists(hangs));
        // When
        process.destroyForcibly();
        try (StreamService service = storage(store)) {
            awaitState("last-word");
            settle();
        }
        // Then
        assertThat(object("last-word")).isEqualTo(video.file(1));
        assertThat(states("last-word")).singleElement().isInstanceOf(JobEvent.Completed.class);
    }

    @Test
    void anOlderAttemptIsAbortedAndTheNewerStored() {
        // Given
        MediaSource video = MediaSource.of("fenced", 4, LARGE);
        List<Chunk> zombie = video.chunks(1);
        try (StreamService service = storage(store)) {
            zombie.subList(0, 9).forEach(this::send);
            await().atMost(PATIENCE)
                    .until(() -> !store.unfinished(path("fenced")).isEmpty());
            // When
            List<Chunk> newer = video.chunks(2);
            newer.subList(0, 5).forEach(this::send);
            zombie.subList(9, zombie.size()).forEach(this::send);
            newer.subList(5, newer.size()).forEach(this::send);
            awaitState("fenced");
        }
        // Then
        assertThat(object("fenced")).isEqualTo(video.file(2));
        assertThat(states("fenced"))
                .singleElement()
                .satisfies(event -> assertThat(event.attempt()).isEqualTo(2));
        assertThat(store.unfinished(path("fenced"))).isEmpty();
    }

    @Test
    void aCancelledVideoIsNotStored() {
        // Given
        List<Chunk> chunks = MediaSource.of("cancelled", 4, LARGE).chunks(1);
        try (StreamService service = storage(store)) {
            chunks.subList(0, 9).forEach(this::send);
            await().atMost(PATIENCE)
                    .until(() -> !store.unfinished(path("cancelled")).isEmpty());
            // When
            publisher
                    .send(new JobEvent.CancelRequested("cancelled", Instant.now(), "enough"))
                    .join();
            await().atMost(PATIENCE)
                    .until(() -> store.unfinished(path("cancelled")).isEmpty());
            chunks.subList(9, chunks.size()).forEach(this::send);
            awaitState("cancelled");
        }
        // Then
        assertThat(states("cancelled")).singleElement().isInstanceOf(JobEvent.Cancelled.class);
        assertThatThrownBy(() -> store.stat(path("cancelled"), Optional.empty()))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void whileTheStoreIsAwayNoVideoIsLost() throws IOException {
        // Given: a store that is not there yet
        int port = freePort();
        MediaSource video = MediaSource.of("patient", 3, LARGE);
        video.chunks(1).forEach(this::send);
        try (ObjectStore away = store("http://127.0.0.1:" + port);
                StreamService service = storage(away)) {
            await().atMost(PATIENCE).until(() -> service.streams() > 0);
            settle();
            assertThat(states("patient")).isEmpty();
            // When
            try (EmbeddedS3 back =
                    EmbeddedS3.start(directory.resolve("late"), port, EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY)) {
                awaitState("patient");
                // Then
                assertThat(away.stat(path("patient"), Optional.empty()).size()).isEqualTo(3L * LARGE);
            }
        }
        assertThat(states("patient")).singleElement().isInstanceOf(JobEvent.Completed.class);
    }

    @Test
    void keysThatTheStoreDoesNotTakeFailTheJobAfterAWhile() {
        // Given
        MediaSource refused = new MediaSource(MediaSource.job("refused", "videos"), 3, 100);
        refused.chunks(1).forEach(this::send);
        // When: keys that the store does not know
        try (ObjectStore stranger = new ObjectStore(s3.endpoint(), "stranger", "stranger-secret", "us-east-1");
                StreamService service = storage(stranger)) {
            awaitState("refused");
        }
        // Then
        assertThat(states("refused")).singleElement().isInstanceOfSatisfying(JobEvent.Failed.class, event -> {
            assertThat(event.error().code()).isEqualTo("STORE.ACCESSDENIED");
            assertThat(event.error().message())
                    .startsWith("given up after PT2S (lowpass.storage.credentials-patience)");
            assertThat(event.error().errorClass()).isEqualTo(ErrorClass.PERMANENT);
            assertThat(event.willRetry()).isFalse();
        });
    }

    @Test
    void brokenBytesFailTheJobAndTheNextIsStored() {
        // Given
        List<Chunk> chunks = MediaSource.of("broken", 3, 100).chunks(1);
        send(chunks.get(0));
        ProducerRecord<String, byte[]> broken = Chunks.record(Topics.MEDIA, chunks.get(1));
        broken.value()[3] ^= 4;
        publisher.send(broken).join();
        MediaSource next = MediaSource.of("after-broken", 3, 100);
        next.chunks(1).forEach(this::send);
        // When
        try (StreamService service = storage(store)) {
            awaitState("broken");
            awaitState("after-broken");
        }
        // Then
        assertThat(states("broken"))
                .singleElement()
                .isInstanceOfSatisfying(
                        JobEvent.Failed.class,
                        event -> assertThat(event.error().code()).isEqualTo("STREAM.CORRUPT"));
        assertThat(object("after-broken")).isEqualTo(next.file(1));
    }

    @Test
    void aProcessThatHangsBeforeItsLastWordIsNotHeardWhenItWakesUp() throws Exception {
        // Given: a process that has uploaded the video and hangs before it says so
        MediaSource video = MediaSource.of("zombie", 3, 1000);
        HeldProducer held =
                new HeldProducer(id -> JobEnds.producer(kafka.bootstrapServers(), id), HeldProducer.At.COMMIT);
        AtomicInteger ended = new AtomicInteger();
        try (StreamService zombie = storage(
                "zombies",
                connections -> counting(
                        ended,
                        new Connections(
                                connections.publisher(),
                                connections.states(),
                                new JobEnds(held, connections.states()))))) {
            video.chunks(1).forEach(this::send);
            held.awaitHeld();
            // When: another has taken its place, and completes the job
            try (StreamService successor = storage(store)) {
                awaitState("zombie");
            }
            held.release();
            await().atMost(PATIENCE).until(() -> ended.get() > 0);
        }
        // Then
        assertThat(states("zombie")).singleElement().isInstanceOf(JobEvent.Completed.class);
        assertThat(object("zombie")).isEqualTo(video.file(1));
    }

    private static PipelineStage counting(AtomicInteger ended, Connections connections) {
        StorageStage stage = new StorageStage(context(store), connections);
        return new PipelineStage() {
            @Override
            public StreamSession open(StreamHead head) {
                return stage.open(head);
            }

            @Override
            public void ended(String jobId, int attempt, Ending ending, String reason) {
                ended.incrementAndGet();
            }
        };
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ObjectStore store(String endpoint) {
        return new ObjectStore(endpoint, EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY, "us-east-1");
    }

    private static UploadContext context(ObjectStore target) {
        return StorageProcess.context(target, new WaitingUploads.Limits(HOUR, Duration.ofSeconds(2), HOUR));
    }

    private StreamService storage(ObjectStore target) {
        return storage(StorageProcess.GROUP, connections -> new StorageStage(context(target), connections));
    }

    private StreamService storage(String group, Function<Connections, PipelineStage> stage) {
        StreamSettings settings = new StreamSettings("storage", Topics.MEDIA, ChunkKind.MEDIA, group, 2, 2, 64 << 20);
        return new StreamService(settings, kafka.bootstrapServers(), stage);
    }

    private void send(Chunk... chunks) {
        for (Chunk chunk : chunks) {
            publisher.send(Topics.MEDIA, chunk).join();
        }
    }

    /** Long enough for a wrong second event to be there. */
    private static void settle() {
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
    }

    private static void awaitState(String jobId) {
        await().atMost(PATIENCE).until(() -> !states(jobId).isEmpty());
    }

    private static List<Event> states(String jobId) {
        return stateTopic.events(jobId);
    }

    private static ObjectPath path(String jobId) {
        return new ObjectPath("videos", "clips/" + jobId + ".mp4");
    }

    private static byte[] object(String jobId) {
        try (var stream = store.read(
                path(jobId),
                Optional.empty(),
                0,
                store.stat(path(jobId), Optional.empty()).size())) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) throws java.security.NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
