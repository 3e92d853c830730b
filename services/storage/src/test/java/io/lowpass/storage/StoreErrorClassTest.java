package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.embedded.EmbeddedS3;
import io.lowpass.storage.FaultyStore.Fault;
import io.lowpass.streaming.StreamService;
import io.lowpass.streaming.StreamSettings;
import io.lowpass.testing.kafka.TopicRecords;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store may answer that is no success, and what becomes of the jobs; with a real store behind. */
@SuppressWarnings("try") // a service works while it is open
class StoreErrorClassTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final WaitingUploads.Limits LONG = new WaitingUploads.Limits(HOUR, HOUR, HOUR);
    private static final int LARGE = 3 << 20;

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static TopicRecords stateTopic;
    static TopicRecords progressTopic;
    static EmbeddedS3 s3;
    static FaultyStore faulty;
    static EventPublisher publisher;
    static ObjectStore store;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        s3 = EmbeddedS3.start(directory.resolve("s3"));
        faulty = new FaultyStore(s3.endpoint());
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        stateTopic = new TopicRecords(kafka.bootstrapServers(), Topics.STATE);
        progressTopic = new TopicRecords(kafka.bootstrapServers(), Topics.PROGRESS);
        publisher = EventPublisher.to(kafka.bootstrapServers());
        store = new ObjectStore(faulty.endpoint(), EmbeddedS3.DEFAULT_KEY, EmbeddedS3.DEFAULT_KEY, "us-east-1");
        store.ensureBucket("videos");
    }

    @AfterAll
    static void stop() {
        stateTopic.close();
        progressTopic.close();
        publisher.close();
        store.close();
        faulty.close();
        s3.close();
        kafka.close();
    }

    @AfterEach
    void heal() {
        faulty.heal();
    }

    @Test
    void keysThatTheStoreRefusesForEverHoldNobodyUpAndFailAfterAWhile() {
        // Given: more jobs that it refuses than there are places
        faulty.when(
                call -> call.writes("clips/cursed") ? Optional.of(new Fault(500, "InternalError")) : Optional.empty());
        List<String> cursed = IntStream.range(0, 4).mapToObj(i -> "cursed-" + i).toList();
        cursed.forEach(job -> send(MediaSource.of(job, 2, 1000)));
        WaitingUploads waiting = new WaitingUploads(new WaitingUploads.Limits(Duration.ofSeconds(2), HOUR, HOUR));
        try (StreamService service = storage(waiting)) {
            await().atMost(PATIENCE).until(() -> waiting.texts().size() >= 2);
            // When
            send(MediaSource.of("blessed", 2, 1000));
            await().atMost(PATIENCE).until(() -> end("blessed").isPresent());
            // Then
            assertThat(end("blessed"))
                    .hasValueSatisfying(end -> assertThat(end).isInstanceOf(JobEvent.Completed.class));
            cursed.forEach(job -> await().atMost(PATIENCE).until(() -> end(job).isPresent()));
        }
        assertThat(cursed)
                .allSatisfy(job -> assertThat(end(job)).get().isInstanceOfSatisfying(JobEvent.Failed.class, failed -> {
                    assertThat(failed.willRetry()).isFalse();
                    assertThat(failed.error().code()).isEqualTo("STORE.INTERNALERROR");
                    assertThat(failed.error().message())
                            .startsWith(
                                    "given up after PT2S (lowpass.storage.object-patience): the object store answers"
                                            + " 500 InternalError");
                }));
        assertThat(waiting("cursed-0")).first().satisfies(wait -> {
            assertThat(wait.over()).isFalse();
            assertThat(wait.code()).isEqualTo("STORE.INTERNALERROR");
        });
        assertThat(waiting.texts()).isEmpty();
    }

    @Test
    void answersThatPassAreWaitedForWhateverTheirStatus() {
        // Given: one after the other, each for one call
        Queue<Fault> passing = new ArrayDeque<>(List.of(
                new Fault(400, "RequestTimeout"),
                new Fault(403, "RequestTimeTooSkewed"),
                new Fault(403, "AccessDenied"),
                new Fault(404, "NoSuchUpload"),
                new Fault(404, "NoSuchBucket")));
        faulty.when(call -> call.writes("clips/passing") ? poll(passing) : Optional.empty());
        // When
        MediaSource video = MediaSource.of("passing", 4, LARGE);
        send(video);
        try (StreamService service = storage(new WaitingUploads(LONG))) {
            await().atMost(PATIENCE).until(() -> end("passing").isPresent());
        }
        // Then
        assertThat(passing).isEmpty();
        assertThat(end("passing")).get().isInstanceOf(JobEvent.Completed.class);
        assertThat(object(path("passing"))).isEqualTo(video.file(1));
        assertThat(store.unfinished(path("passing"))).isEmpty();
    }

    @Test
    void fragmentsThatWaitedElsewhereAreGivenUpBeforeTheirTopicLosesThem() {
        // Given: what another process, or this one before a restart, was patient with for an hour, and what is new
        faulty.when(call -> call.writes("clips/aged") || call.writes("clips/fresh")
                ? Optional.of(new Fault(500, "InternalError"))
                : Optional.empty());
        Instant hourAgo = Instant.now().minus(HOUR);
        MediaSource.of("aged", 2, 1000).chunks(1).stream()
                .map(chunk -> Chunks.record(Topics.MEDIA, chunk))
                .map(record -> new ProducerRecord<>(
                        record.topic(), null, hourAgo.toEpochMilli(), record.key(), record.value(), record.headers()))
                .forEach(record -> publisher.send(record).join());
        send(MediaSource.of("fresh", 2, 1000));
        // When
        WaitingUploads waiting = new WaitingUploads(new WaitingUploads.Limits(HOUR, HOUR, Duration.ofSeconds(30)));
        try (StreamService service = storage(waiting)) {
            await().atMost(PATIENCE).until(() -> end("aged").isPresent());
            // Then
            assertThat(end("fresh")).isEmpty();
            // When
            faulty.heal();
            // Then
            await().atMost(PATIENCE).until(() -> end("fresh").isPresent());
        }
        assertThat(end("fresh")).get().isInstanceOf(JobEvent.Completed.class);
        assertThat(end("aged")).get().isInstanceOfSatisfying(JobEvent.Failed.class, failed -> {
            assertThat(failed.willRetry()).isFalse();
            assertThat(failed.error().code()).isEqualTo("STORE.INTERNALERROR");
            assertThat(failed.error().message())
                    .startsWith("given up after PT30S (lowpass.storage.store-patience): the object store answers 500");
        });
    }

    private static synchronized Optional<Fault> poll(Queue<Fault> faults) {
        return Optional.ofNullable(faults.poll());
    }

    @Test
    void whileKeysAreRotatedAJobSaysWhyItWaitsAndGoesOnAfterwards() {
        // Given: no call is taken at all
        faulty.when(call -> Optional.of(new Fault(403, "InvalidAccessKeyId")));
        MediaSource video = MediaSource.of("rotated", 3, 1000);
        send(video);
        WaitingUploads waiting = new WaitingUploads(LONG);
        try (StreamService service = storage(waiting)) {
            // Then
            await().atMost(PATIENCE).until(() -> !waiting.texts().isEmpty());
            assertThat(waiting.texts())
                    .singleElement()
                    .asString()
                    .startsWith("rotated for ")
                    .contains("InvalidAccessKeyId");
            await().atMost(PATIENCE).until(() -> !waiting("rotated").isEmpty());
            assertThat(end("rotated")).isEmpty();
            // When
            faulty.heal();
            await().atMost(PATIENCE).until(() -> end("rotated").isPresent());
            await().atMost(PATIENCE).until(() -> waiting("rotated").size() == 2);
        }
        // Then
        assertThat(object(path("rotated"))).isEqualTo(video.file(1));
        assertThat(waiting("rotated")).extracting(JobEvent.Waiting::code).containsOnly("STORE.INVALIDACCESSKEYID");
        assertThat(waiting("rotated")).extracting(JobEvent.Waiting::over).containsExactly(false, true);
    }

    @Test
    void aBucketThatIsDeletedWhileAVideoIsUploadedIsMadeAgain() throws IOException {
        // Given
        MediaSource video = new MediaSource(
                MediaSource.job("homeless", new Output("doomed", "clips/homeless.mp4"), Map.of()), 4, LARGE);
        List<Chunk> chunks = video.chunks(1);
        ObjectPath path = ObjectPath.of(video.job().output());
        try (StreamService service = storage(new WaitingUploads(LONG))) {
            chunks.subList(0, 9).forEach(StoreErrorClassTest::send);
            await().atMost(PATIENCE)
                    .until(() ->
                            store.exists("doomed") && !store.unfinished(path).isEmpty());
            // When
            delete(directory.resolve("s3").resolve("doomed"));
            chunks.subList(9, chunks.size()).forEach(StoreErrorClassTest::send);
            await().atMost(PATIENCE).until(() -> end("homeless").isPresent());
        }
        // Then
        assertThat(end("homeless")).get().isInstanceOf(JobEvent.Completed.class);
        assertThat(object(path)).isEqualTo(video.file(1));
    }

    @Test
    void twoJobsThatWriteToOnePlaceDoNotAbortEachOtherAndLeaveOneWholeVideo() {
        // Given
        Output shared = new Output("videos", "clips/shared.mp4", Optional.of(true));
        MediaSource first = accepted("one-of-two", shared);
        MediaSource second = accepted("other-of-two", shared);
        List<Chunk> a = first.chunks(1);
        List<Chunk> b = second.chunks(2);
        AtomicInteger aborted = new AtomicInteger();
        faulty.when(call -> {
            if (call.method().equals("DELETE")) {
                aborted.incrementAndGet();
            }
            return Optional.empty();
        });
        try (StreamService service = storage(new WaitingUploads(LONG))) {
            // When: both are in the middle of it
            a.subList(0, 9).forEach(StoreErrorClassTest::send);
            await().atMost(PATIENCE)
                    .until(() -> store.unfinished(ObjectPath.of(shared)).size() == 1);
            b.subList(0, 9).forEach(StoreErrorClassTest::send);
            await().atMost(PATIENCE)
                    .until(() -> store.unfinished(ObjectPath.of(shared)).size() == 2);
            a.subList(9, a.size()).forEach(StoreErrorClassTest::send);
            b.subList(9, b.size()).forEach(StoreErrorClassTest::send);
            await().atMost(PATIENCE)
                    .until(() ->
                            end("one-of-two").isPresent() && end("other-of-two").isPresent());
        }
        // Then
        JobEvent.Completed one = completed("one-of-two");
        JobEvent.Completed other = completed("other-of-two");
        boolean otherLast = other.at().isAfter(one.at());
        assertThat(object(ObjectPath.of(shared))).isEqualTo(otherLast ? second.file(2) : first.file(1));
        assertThat(store.stat(ObjectPath.of(shared), Optional.empty()).etag())
                .isEqualTo((otherLast ? other : one).output().etag().orElseThrow());
        assertThat(store.unfinished(ObjectPath.of(shared))).isEmpty();
        assertThat(aborted).hasValue(0);
    }

    @Test
    void aVideoThatWasAskedForInPlaceOfASlowerOneStaysWhenThatOneComes() {
        // Given: of three jobs with one key, the second overwrites the first, and the third is not completed
        Output key = new Output("videos", "clips/key.mp4", Optional.of(true));
        MediaSource slow = accepted("slow", new Output("videos", "clips/key.mp4"), 0);
        MediaSource quick = accepted("quick", key, 1);
        accepted("failing", key, 2);
        publisher
                .send(new JobEvent.Failed(
                        "failing", 1, Instant.now(), new JobEvent.Failure("X", ErrorClass.PERMANENT, "x"), false))
                .join();
        try (StreamService service = storage(new WaitingUploads(LONG))) {
            // When: the later one is completed first
            send(quick);
            await().atMost(PATIENCE).until(() -> end("quick").isPresent());
            send(slow);
            await().atMost(PATIENCE).until(() -> end("slow").isPresent());
            // Then
            assertThat(end("slow")).get().isInstanceOfSatisfying(JobEvent.Failed.class, failed -> {
                assertThat(failed.error().code()).isEqualTo("OUTPUT.OVERWRITTEN");
                assertThat(failed.error().message()).contains("job quick", key.uri());
                assertThat(failed.willRetry()).isFalse();
            });
            assertThat(store.stat(ObjectPath.of(key), Optional.empty()).etag())
                    .isEqualTo(completed("quick").output().etag().orElseThrow());
            assertThat(store.unfinished(ObjectPath.of(key))).isEmpty();
            // When: another one is asked for
            MediaSource last = accepted("last", key, 3);
            send(last);
            // Then
            await().atMost(PATIENCE).until(() -> end("last").isPresent());
            assertThat(store.stat(ObjectPath.of(key), Optional.empty()).etag())
                    .isEqualTo(completed("last").output().etag().orElseThrow());
        }
    }

    private static MediaSource accepted(String jobId, Output output, int second) {
        MediaSource source = new MediaSource(
                MediaSource.job(jobId, output, Map.of(), MediaSource.REQUESTED.plusSeconds(second)), 4, LARGE);
        publish(source);
        return source;
    }

    @Test
    void whatTheRequestSaysOfTheVideoGoesWithTheObject() {
        // Given
        Output output = new Output("videos", "clips/said.mp4");
        Map<String, String> metadata = Map.of("Team", "ads", "note", "équipe 東京");
        for (int bytes : new int[] {1000, LARGE}) {
            String job = "said-" + bytes;
            send(new MediaSource(MediaSource.job(job, output, metadata), 2, bytes));
            // When
            try (StreamService service = storage(new WaitingUploads(LONG))) {
                await().atMost(PATIENCE).until(() -> end(job).isPresent());
            }
            // Then
            var object = store.stat(ObjectPath.of(output), Optional.empty());
            assertThat(object.contentType()).isEqualTo("video/mp4");
            assertThat(object.userMetadata().getFirst("team")).isEqualTo("ads");
            assertThat(object.userMetadata().getFirst("note")).isEqualTo("=?UTF-8?B?w6lxdWlwZSDmnbHkuqw=?=");
            assertThat(object.userMetadata().getFirst("job-id")).isEqualTo(job);
        }
    }

    @Test
    void whatAKilledProcessLeftOfAJobThatIsOverIsClearedAwayAndNothingElse() throws Exception {
        // Given
        MediaSource over = accepted("swept", new Output("videos", "clips/swept.mp4"));
        MediaSource open = accepted("kept", new Output("videos", "clips/kept.mp4"));
        MediaSource elsewhere = accepted("swept-elsewhere", new Output("elsewhere", "clips/swept.mp4"));
        accepted("swept-nowhere", new Output("not-there", "clips/swept.mp4"));
        store.ensureBucket("elsewhere");
        ObjectPath other = ObjectPath.of(elsewhere.job().output());
        ObjectPath foreign = new ObjectPath("videos", "clips/foreign.mp4");
        Stream.of(ObjectPath.of(over.job().output()), ObjectPath.of(open.job().output()), other, foreign)
                .forEach(path -> store.begin(path, Map.of()));
        Stream.of("swept", "swept-elsewhere", "swept-nowhere")
                .forEach(job -> publisher
                        .send(new JobEvent.Cancelled(job, 1, Instant.now(), 1, "enough"))
                        .join());
        // When
        try (var states = new io.lowpass.streaming.JobStates(kafka.bootstrapServers(), "test")) {
            states.catchUp();
            assertThat(new StaleUploadCleanup(store, states, "videos").sweep()).isTrue();
        }
        // Then
        assertThat(store.unfinished(path("swept"))).isEmpty();
        assertThat(store.unfinished(other)).isEmpty();
        assertThat(store.unfinished(path("kept"))).hasSize(1);
        assertThat(store.unfinished(foreign)).hasSize(1);
    }

    private static MediaSource accepted(String jobId, Output output) {
        return accepted(jobId, output, 0);
    }

    private static void publish(MediaSource source) {
        publisher
                .send(new JobEvent.Accepted(source.job().jobId(), Instant.now(), source.job(), "0".repeat(64)))
                .join();
    }

    private static StreamService storage(WaitingUploads waiting) {
        StreamSettings settings =
                new StreamSettings("storage", Topics.MEDIA, ChunkKind.MEDIA, "troubled", 2, 2, 64 << 20);
        UploadContext context = new UploadContext(
                store, waiting, new StorageMetrics(new io.micrometer.core.instrument.simple.SimpleMeterRegistry()));
        return new StreamService(
                settings, kafka.bootstrapServers(), connections -> new StorageStage(context, connections));
    }

    private static void send(MediaSource source) {
        source.chunks(1).forEach(StoreErrorClassTest::send);
    }

    private static void send(Chunk chunk) {
        publisher.send(Topics.MEDIA, chunk).join();
    }

    private static Optional<Event> end(String jobId) {
        return stateTopic.events(jobId).stream()
                .filter(event -> event instanceof JobEvent happened && happened.isTerminal())
                .findFirst();
    }

    private static JobEvent.Completed completed(String jobId) {
        return (JobEvent.Completed) end(jobId).orElseThrow();
    }

    private static List<JobEvent.Waiting> waiting(String jobId) {
        return progressTopic.events(jobId).stream()
                .map(JobEvent.Waiting.class::cast)
                .toList();
    }

    private static ObjectPath path(String jobId) {
        return new ObjectPath("videos", "clips/" + jobId + ".mp4");
    }

    private static byte[] object(ObjectPath path) {
        long size = store.stat(path, Optional.empty()).size();
        try (var stream = store.read(path, Optional.empty(), 0, size)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, java.io.IOException e) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
