package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.testing.kafka.TopicRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a service works while it is open
class ChunkConsumerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static TopicRecords latents;
    static TopicRecords deadLetters;
    static TopicRecords stateTopic;
    static EventPublisher publisher;

    private final RecordingStage stage = new RecordingStage();
    private final AtomicReference<Optional<JobStates>> known = new AtomicReference<>(Optional.empty());
    private String group = "";

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory);
        new TopicSetup(1, Optional.empty(), Duration.ofSeconds(30)).apply(kafka.bootstrapServers());
        latents = new TopicRecords(kafka.bootstrapServers(), Topics.LATENTS);
        deadLetters = new TopicRecords(kafka.bootstrapServers(), Topics.DEAD_LETTER);
        stateTopic = new TopicRecords(kafka.bootstrapServers(), Topics.STATE);
        publisher = EventPublisher.to(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        latents.close();
        deadLetters.close();
        stateTopic.close();
        publisher.close();
        kafka.close();
    }

    @BeforeEach
    void aGroupOfItsOwn() {
        group = "group-" + UUID.randomUUID();
    }

    @Test
    void framesOfInterleavedJobsArriveWholeAndInOrder() throws Exception {
        // Given: frames larger than a record, of two jobs, one record of this and one of that
        List<Chunk> first = stream("interleaved-a", 1, 3, 1_900_000);
        List<Chunk> second = stream("interleaved-b", 1, 3, 1_900_000);
        IntStream.range(0, first.size()).forEach(i -> send(first.get(i), second.get(i)));
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("interleaved-a/1", "interleaved-b/1");
            // Then
            assertThat(stage.completed.get("interleaved-a/1"))
                    .containsExactly("0:1900000:0", "1:1900000:1", "2:1900000:2");
            assertThat(stage.completed.get("interleaved-b/1")).hasSize(3);
            assertThat(service.isReady()).isTrue();
            await().atMost(PATIENCE).until(() -> committed() == end());
        }
    }

    @Test
    void whatArrivesTwiceIsTakenOnce() {
        // Given
        List<Chunk> chunks = stream("twice", 1, 3, 100);
        send(chunks.get(0), chunks.get(0), chunks.get(1), chunks.get(0), chunks.get(1), chunks.get(2), chunks.get(2));
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("twice/1");
            // When: all of it again
            chunks.forEach(this::send);
            List<Chunk> marker = stream("twice-marker", 1, 1, 100);
            marker.forEach(this::send);
            awaitCompleted("twice-marker/1");
        }
        // Then
        assertThat(stage.completed.get("twice/1")).containsExactly("0:100:0", "1:100:1", "2:100:2");
        assertThat(stage.opened).filteredOn("twice/1"::equals).hasSize(1);
    }

    @Test
    void aRestartInTheMiddleBeginsTheUnfinishedJobAnewAndNoOther() {
        // Given: an unfinished job, and behind its head a finished one
        List<Chunk> unfinished = stream("restart-a", 1, 4, 100);
        send(unfinished.get(0), unfinished.get(1));
        stream("restart-b", 1, 2, 100).forEach(this::send);
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("restart-b/1");
            await().atMost(PATIENCE).until(() -> stage.taken.getOrDefault("restart-a", 0) == 2);
        }
        publish(failed("restart-b"));
        // When
        RecordingStage before = new RecordingStage();
        before.opened.addAll(stage.opened);
        stage.opened.clear();
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            send(unfinished.get(2), unfinished.get(3));
            awaitCompleted("restart-a/1");
        }
        // Then
        assertThat(stage.completed.get("restart-a/1")).containsExactly("0:100:0", "1:100:1", "2:100:2", "3:100:3");
        assertThat(stage.opened).doesNotContain("restart-b/1");
        assertThat(stage.endings).contains("restart-a/1 MOVED", "restart-a/1 COMPLETED");
    }

    @Test
    void anOlderAttemptIsDroppedOnceANewerIsSeen() {
        // Given
        List<Chunk> zombie = stream("fenced", 1, 3, 100);
        List<Chunk> newer = stream("fenced", 2, 3, 50);
        send(zombie.get(0), newer.get(0), zombie.get(1), newer.get(1), zombie.get(2), newer.get(2));
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("fenced/2");
            await().atMost(PATIENCE).until(() -> stage.endings.contains("fenced/1 SUPERSEDED"));
        }
        // Then
        assertThat(stage.completed.get("fenced/2")).containsExactly("0:50:0", "1:50:1", "2:50:2");
        assertThat(stage.completed).doesNotContainKey("fenced/1");
    }

    @Test
    void whatARunThatWasHandedBackStillHadOnTheWayIsDropped() {
        // Given: the runs of one attempt, the first of which comes late and is not whole
        List<Chunk> late = stream("handed", 1, 3, 100, Map.of(Chunk.RUN, "9"));
        List<Chunk> again = stream("handed", 1, 3, 70, Map.of(Chunk.RUN, "10"));
        send(again.get(0), late.get(0), again.get(1), late.get(1), again.get(2));
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("handed/1");
        }
        // Then
        assertThat(stage.completed.get("handed/1")).containsExactly("0:70:0", "1:70:1", "2:70:2");
    }

    @Test
    void aNewRunOfTheSenderBeginsTheStreamAnew() {
        // Given
        List<Chunk> lost = stream("run", 1, 3, 100, Map.of(Chunk.RUN, "a"));
        List<Chunk> again = stream("run", 1, 3, 70, Map.of(Chunk.RUN, "b"));
        send(lost.get(0), lost.get(1), again.get(0), lost.get(2), again.get(1), again.get(2));
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("run/1");
        }
        // Then
        assertThat(stage.completed.get("run/1")).containsExactly("0:70:0", "1:70:1", "2:70:2");
    }

    @Test
    void aCancelledJobIsToldOnceItsInputEnds() {
        // Given
        List<Chunk> chunks = stream("cancelled", 1, 3, 100);
        send(chunks.get(0));
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            await().atMost(PATIENCE).until(() -> stage.taken.containsKey("cancelled"));
            // When
            publish(new JobEvent.CancelRequested("cancelled", Instant.now(), "changed my mind"));
            awaitKnown("cancelled");
            assertThat(states("cancelled")).isEmpty();
            send(chunks.get(1), chunks.get(2));
            await().atMost(PATIENCE).until(() -> stage.endings.contains("cancelled/1 CANCELLED"));
        }
        // Then
        assertThat(states("cancelled")).singleElement().isInstanceOfSatisfying(JobEvent.Cancelled.class, event -> {
            assertThat(event.reason()).isEqualTo("changed my mind");
            assertThat(event.atStep()).isEqualTo(4);
        });
        assertThat(stage.taken).containsEntry("cancelled", 1);
    }

    @Test
    void aStreamThatItsSenderGivesUpEndsWithoutAWord() {
        // Given
        List<Chunk> chunks = stream("aborted", 1, 3, 100);
        send(chunks.get(0), Chunk.abort("aborted", 1, "lost my worker"));
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            await().atMost(PATIENCE).until(() -> stage.endings.contains("aborted/1 ABORTED"));
        }
        // Then
        assertThat(states("aborted")).isEmpty();
    }

    @Test
    void aJobThatIsOverIsNotBegun() {
        // Given
        publish(failed("over"));
        stream("over", 1, 2, 100).forEach(this::send);
        stream("over-marker", 1, 1, 100).forEach(this::send);
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("over-marker/1");
        }
        // Then
        assertThat(stage.opened).doesNotContain("over/1");
    }

    @Test
    void brokenBytesGoToTheDeadLettersAndTheJobFails() {
        // Given
        List<Chunk> chunks = stream("broken", 1, 3, 100);
        send(chunks.get(0));
        ProducerRecord<String, byte[]> broken = Chunks.record(Topics.LATENTS, chunks.get(1));
        broken.value()[7] ^= 1;
        publisher.send(broken).join();
        publisher
                .send(new ProducerRecord<>(Topics.LATENTS, "nonsense", "nonsense".getBytes(StandardCharsets.UTF_8)))
                .join();
        stream("after-broken", 1, 1, 100).forEach(this::send);
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("after-broken/1");
            await().atMost(PATIENCE).until(() -> stage.endings.contains("broken/1 FAILED"));
            await().atMost(PATIENCE).until(() -> committed() == end());
        }
        // Then
        assertThat(states("broken")).singleElement().isInstanceOfSatisfying(JobEvent.Failed.class, event -> {
            assertThat(event.error().code()).isEqualTo("STREAM.CORRUPT");
            assertThat(event.error().errorClass()).isEqualTo(ErrorClass.PERMANENT);
            assertThat(event.willRetry()).isFalse();
        });
        assertThat(deadLetters.records()).extracting(ConsumerRecord::key).contains("broken", "nonsense");
    }

    @Test
    void whatIsNoChunkGoesToTheDeadLettersAndNoJobSuffers() {
        // Given: a job under way, and records of every kind that is wrong, under its name and others
        List<Chunk> chunks = stream("sound", 1, 2, 100);
        send(chunks.get(0));
        ProducerRecord<String, byte[]> good = Chunks.record(Topics.LATENTS, chunks.get(1));
        List<ProducerRecord<String, byte[]>> odd = new ArrayList<>();
        for (String key : Arrays.asList("sound", "zzz", "", null)) {
            odd.add(new ProducerRecord<>(Topics.LATENTS, key, null));
            odd.add(new ProducerRecord<>(Topics.LATENTS, key, new byte[0]));
        }
        for (Header header : good.headers()) {
            ProducerRecord<String, byte[]> without = Chunks.record(Topics.LATENTS, chunks.get(1));
            without.headers().remove(header.key()).add(header.key(), null);
            // What says that it is of another run than the job's is not the job's.
            without.headers().remove(Chunks.RUN_HEADER).add(Chunks.RUN_HEADER, new byte[] {'x'});
            if (!header.key().equals(Chunks.RUN_HEADER)) {
                odd.add(without);
            }
        }
        odd.forEach(record -> publisher.send(record).join());
        for (String topic : List.of(Topics.STATE, Topics.CONTROL)) {
            publisher
                    .send(new ProducerRecord<>(topic, "odd", "null".getBytes(StandardCharsets.UTF_8)))
                    .join();
            ProducerRecord<String, byte[]> nullType = new ProducerRecord<>(topic, "odd", new byte[] {'{', '}'});
            nullType.headers().add(Events.TYPE_HEADER, null);
            publisher.send(nullType).join();
        }
        send(chunks.get(1));
        int before = deadLetters.records().size();
        // When
        try (StreamService service = service(StreamSettings.UNLIMITED)) {
            awaitCompleted("sound/1");
            await().atMost(PATIENCE).until(() -> committed() == end());
            // Then
            assertThat(service.isAlive()).isTrue();
            assertThat(service.isReady()).isTrue();
            assertThat(service.problem()).isEmpty();
            assertThat(service.unreadable()).isGreaterThanOrEqualTo(odd.size() + 4);
        }
        assertThat(deadLetters.records().size() - before).isGreaterThanOrEqualTo(odd.size());
        assertThat(states("sound")).isEmpty();
    }

    @Test
    void aPermanentFailureIsToldAndAPassingOneIsTriedAgain() {
        // Given
        stage.reactions.put("permanent", frame -> {
            throw new IllegalArgumentException("no such model");
        });
        int[] failures = {2};
        stage.reactions.put("passing", frame -> {
            if (frame.index() == 1 && failures[0]-- > 0) {
                throw new StageException("STORE.AWAY", ErrorClass.RETRYABLE, "the store is away");
            }
        });
        stream("permanent", 1, 2, 100).forEach(this::send);
        stream("passing", 1, 2, 100).forEach(this::send);
        // When
        try (StreamService service = service(4)) {
            awaitCompleted("passing/1");
            await().atMost(PATIENCE).until(() -> stage.endings.contains("permanent/1 FAILED"));
        }
        // Then
        assertThat(stage.completed.get("passing/1")).containsExactly("0:100:0", "1:100:1");
        assertThat(states("passing")).isEmpty();
        assertThat(states("permanent")).singleElement().isInstanceOfSatisfying(JobEvent.Failed.class, event -> {
            assertThat(event.error().code()).isEqualTo("TEST.FAILED");
            assertThat(event.error().message()).isEqualTo("no such model");
        });
    }

    @Test
    void streamsThatWaitForSomethingOutsideLeaveThePlacesToOthersAndEndWhenTheyAreCancelled() {
        // Given: more streams that cannot go on than there are places
        List<String> stuck = List.of("stuck-a", "stuck-b", "stuck-c", "stuck-d");
        AtomicInteger tries = new AtomicInteger();
        for (String job : stuck) {
            stage.reactions.put(job, frame -> {
                tries.incrementAndGet();
                throw StageException.waiting("STORE.AWAY", "the store is away", new IllegalStateException("500"));
            });
            stream(job, 1, 2, 100).forEach(this::send);
        }
        try (StreamService service = service(2)) {
            await().atMost(PATIENCE).until(() -> tries.get() >= 3 * stuck.size());
            // When
            for (int i = 0; i < 4; i++) {
                stream("well-" + i, 1, 2, 100).forEach(this::send);
            }
            awaitCompleted("well-0/1", "well-1/1", "well-2/1", "well-3/1");
            stuck.forEach(job -> publish(new JobEvent.CancelRequested(job, Instant.now(), "enough")));
            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(stage.endings)
                            .contains(
                                    "stuck-a/1 CANCELLED",
                                    "stuck-b/1 CANCELLED",
                                    "stuck-c/1 CANCELLED",
                                    "stuck-d/1 CANCELLED"));
        }
        assertThat(states("stuck-a")).singleElement().isInstanceOf(JobEvent.Cancelled.class);
    }

    @Test
    void aPlaceIsLeftWhenTheLastJobThatWritesToItIsOver() {
        // Given
        try (JobStates states = new JobStates(kafka.bootstrapServers(), "test")) {
            Output shared = new Output("videos", "shared.mp4", Optional.of(true));
            states.note(accepted("first-of-two", shared));
            states.note(accepted("second-of-two", shared));
            // Then
            assertThat(states.isAwaitedByOthers(shared, "first-of-two")).isTrue();
            assertThat(states.isLeft(shared)).isFalse();
            // When
            states.note(failed("second-of-two"));
            // Then
            assertThat(states.isAwaitedByOthers(shared, "first-of-two")).isFalse();
            assertThat(states.isLeft(shared)).isFalse();
            // When
            states.note(failed("first-of-two"));
            // Then
            assertThat(states.isLeft(shared)).isTrue();
            assertThat(states.isLeft(new Output("videos", "other.mp4"))).isFalse();
        }
    }

    private static JobEvent accepted(String jobId, Output output) {
        Job job = job(jobId, output);
        return new JobEvent.Accepted(jobId, job.requestedAt(), job, "0".repeat(64));
    }

    @Test
    void aStreamThatStallsMakesPlaceForAnother() {
        // Given: place for one session, and a job whose sender is slow
        List<Chunk> slow = stream("slow", 1, 3, 100);
        send(slow.get(0));
        try (StreamService service = service(1)) {
            await().atMost(PATIENCE).until(() -> stage.taken.containsKey("slow"));
            // When
            stream("quick", 1, 2, 100).forEach(this::send);
            awaitCompleted("quick/1");
            send(slow.get(1), slow.get(2));
            awaitCompleted("slow/1");
        }
        // Then
        assertThat(stage.completed.get("slow/1")).containsExactly("0:100:0", "1:100:1", "2:100:2");
    }

    /** Waits until the service has read that somebody wants the job to stop. */
    private void awaitKnown(String jobId) {
        await().atMost(PATIENCE)
                .until(() -> known.get()
                        .filter(states -> states.cancelRequest(jobId).isPresent())
                        .isPresent());
    }

    private StreamService service(int sessions) {
        StreamSettings settings =
                new StreamSettings("test", Topics.LATENTS, ChunkKind.LATENTS, group, 2, sessions, 4_000_000);
        return new StreamService(settings, kafka.bootstrapServers(), connections -> {
            known.set(Optional.of(connections.states()));
            return stage;
        });
    }

    private void awaitCompleted(String... streams) {
        await().atMost(PATIENCE).until(() -> stage.completed.keySet().containsAll(Arrays.asList(streams)));
    }

    private void send(Chunk... chunks) {
        Arrays.stream(chunks)
                .forEach(chunk -> publisher.send(Topics.LATENTS, chunk).join());
    }

    private static void publish(Event event) {
        publisher.send(event).join();
    }

    private static JobEvent failed(String jobId) {
        return new JobEvent.Failed(
                jobId, 1, Instant.now(), new JobEvent.Failure("X", ErrorClass.PERMANENT, "x"), false);
    }

    private static List<Chunk> stream(String jobId, int attempt, int frames, int bytes) {
        return stream(jobId, attempt, frames, bytes, Map.of());
    }

    private static List<Chunk> stream(String jobId, int attempt, int frames, int bytes, Map<String, String> extra) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            Map<String, String> attributes = new java.util.HashMap<>(extra);
            attributes.put(Chunk.JOB, EventJson.text(job(jobId)));
            byte[] payload = new byte[bytes];
            payload[0] = (byte) i;
            chunks.addAll(Chunks.split(
                    new Chunk(
                            ChunkKind.LATENTS,
                            jobId,
                            attempt,
                            i,
                            frames,
                            0,
                            1,
                            List.of((long) bytes),
                            "u8",
                            0,
                            attributes,
                            ByteBuffer.allocate(0)),
                    ByteBuffer.wrap(payload)));
        }
        return chunks;
    }

    static Job job(String jobId) {
        return job(jobId, new Output("videos", jobId + ".mp4"));
    }

    private static Job job(String jobId, Output output) {
        return new Job(
                jobId,
                "a ball",
                "",
                "demo",
                new Size(64, 64),
                9,
                8,
                4,
                1,
                3,
                "euler",
                7,
                CacheSettings.NONE,
                output,
                Optional.empty(),
                Map.of(),
                Instant.now(),
                Map.of());
    }

    private long committed() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return Optional.ofNullable(admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .get(new TopicPartition(Topics.LATENTS, 0)))
                    .map(o -> o.offset())
                    .orElse(-1L);
        }
    }

    private static long end() {
        return latents.records().size();
    }

    private static List<Event> states(String jobId) {
        return stateTopic.events(jobId);
    }
}
