package io.lowpass.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.streaming.Connections;
import io.lowpass.streaming.Ending;
import io.lowpass.streaming.Frame;
import io.lowpass.streaming.JobStates;
import io.lowpass.streaming.MemoryBudget;
import io.lowpass.streaming.PipelineStage;
import io.lowpass.streaming.StreamHead;
import io.lowpass.streaming.StreamService;
import io.lowpass.streaming.StreamSession;
import io.lowpass.tensor.TorchThreads;
import io.lowpass.testing.kafka.TopicRecords;
import io.lowpass.video.Fragment;
import io.lowpass.video.H264;
import io.lowpass.video.Mp4StreamEncoder;
import io.lowpass.video.VideoFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a service works while it is open
class EncoderStageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TorchThreads THREADS = new TorchThreads(1);

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static TopicRecords mediaTopic;
    static TopicRecords stateTopic;
    static TopicRecords progressTopic;
    static EventPublisher publisher;
    static Autoencoders autoencoders;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory);
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        mediaTopic = new TopicRecords(kafka.bootstrapServers(), Topics.MEDIA);
        stateTopic = new TopicRecords(kafka.bootstrapServers(), Topics.STATE);
        progressTopic = new TopicRecords(kafka.bootstrapServers(), Topics.PROGRESS);
        publisher = EventPublisher.to(kafka.bootstrapServers());
        autoencoders = EncoderProcess.autoencoders(THREADS);
    }

    @AfterAll
    static void stop() {
        mediaTopic.close();
        stateTopic.close();
        progressTopic.close();
        publisher.close();
        autoencoders.close();
        kafka.close();
    }

    @Test
    void latentsBecomeTheVideoWhileTheyArrive() {
        // Given
        Job job = LatentSource.job("whole", "demo");
        List<Chunk> latents = LatentSource.chunks(job, 1);
        try (StreamService service = encoder()) {
            // When: the first latent frame only
            send(latents.get(0));
            await().atMost(PATIENCE).until(() -> media("whole").size() == 2);
            latents.subList(1, 3).forEach(this::send);
            await().atMost(PATIENCE).until(() -> isWhole(media("whole")));
        }
        // Then
        List<Chunk> media = media("whole");
        assertThat(media.get(0).attributes())
                .containsEntry(Chunk.TIMINGS, "{\"denoise\":12}")
                .containsKeys(Chunk.JOB, Chunk.STEPS);
        assertThat(media).extracting(Chunk::index).containsExactly(0, 1, 2, 3, 4);
        assertThat(media.get(4).attributes().get(Chunk.TIMINGS)).startsWith("{\"decode\":");
        assertThat(file(media)).isEqualTo(reference(job));
        VideoFile video = VideoFile.of(file(media));
        assertThat(video.frames()).hasSize(LatentSource.FRAMES);
        assertThat(video.fps()).isEqualTo(8);
        assertThat(video.metadata())
                .containsEntry("prompt", "a red ball — 猫")
                .containsEntry("seed", "7")
                .containsEntry("guidance_scale", "5.0");
        assertThat(meters.counter("lowpass.encoder.frames").count()).isEqualTo(LatentSource.FRAMES);
    }

    @Test
    void aVideoShowsWhatWholeCellsOfTheLatentsCover() {
        // Given: a size that no number of cells makes
        Job job = LatentSource.job("odd", "demo", new Size(70, 65));
        LatentSource.chunks(job, 1).forEach(this::send);
        // When
        try (StreamService service = encoder()) {
            await().atMost(PATIENCE).until(() -> isWhole(media("odd")));
        }
        // Then
        VideoFile video = VideoFile.of(file(media("odd")));
        assertThat(video.frames()).hasSize(LatentSource.FRAMES);
        assertThat(List.of(video.width(), video.height())).containsExactly(64, 64);
        assertThat(media("odd").get(0).attributes()).containsEntry(Chunk.SIZE, "64x64");
    }

    @Test
    void everyLatentFrameIsAProgressEvent() {
        // Given
        LatentSource.chunks(LatentSource.job("progress", "demo"), 1).forEach(this::send);
        // When
        try (StreamService service = encoder()) {
            await().atMost(PATIENCE).until(() -> isWhole(media("progress")));
        }
        // Then
        assertThat(progressTopic.events("progress"))
                .hasSize(3)
                .allSatisfy(event -> assertThat(event).isInstanceOfSatisfying(JobEvent.Progress.class, progress -> {
                    assertThat(progress.stage()).isEqualTo(JobEvent.Stage.DECODE);
                    assertThat(progress.totalSteps()).isEqualTo(3);
                    assertThat(progress.fraction()).isEqualTo(progress.step() / 3.0);
                }))
                .extracting(Event::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void anEncoderThatIsLostInTheMiddleIsReplacedByAnotherWithTheSameBytes() {
        // Given
        Job job = LatentSource.job("lost", "demo");
        List<Chunk> latents = LatentSource.chunks(job, 1);
        latents.subList(0, 2).forEach(this::send);
        try (StreamService first = encoder()) {
            await().atMost(PATIENCE).until(() -> media("lost").size() == 3);
        }
        // When
        try (StreamService second = encoder()) {
            send(latents.get(2));
            await().atMost(PATIENCE).until(() -> isWhole(media("lost")));
        }
        // Then: the second run is whole, and what the first sent was the same
        Map<String, List<Chunk>> runs = runs(media("lost"));
        assertThat(runs).hasSize(2);
        List<Chunk> whole = lastRun(media("lost"));
        assertThat(file(whole)).isEqualTo(reference(job));
        runs.values()
                .forEach(run -> assertThat(run)
                        .allSatisfy(chunk -> assertThat(chunk.crc())
                                .isEqualTo(whole.get(chunk.index()).crc())));
    }

    @Test
    void theVideoOfAKilledProcessIsEncodedByAnotherWithTheSameBytes() {
        // Given
        Job job = LatentSource.job("killed", "demo");
        List<Chunk> latents = LatentSource.chunks(job, 1);
        Process process = EncoderProcess.start(kafka.bootstrapServers());
        latents.subList(0, 2).forEach(this::send);
        await().atMost(PATIENCE).until(() -> media("killed").size() == 3);
        // When
        process.destroyForcibly();
        try (StreamService second = encoder()) {
            send(latents.get(2));
            await().atMost(PATIENCE).until(() -> isWhole(media("killed")));
        }
        // Then: one run is whole, and the job goes on
        Map<String, List<Chunk>> runs = runs(media("killed"));
        assertThat(runs).hasSize(2);
        assertThat(runs.values().stream().filter(EncoderStageTest::isWhole)).hasSize(1);
        assertThat(file(lastRun(media("killed")))).isEqualTo(reference(job));
        assertThat(states("killed")).isEmpty();
    }

    @Test
    void aCancelStopsBetweenLatentFramesAndIsPassedOn() {
        // Given
        List<Chunk> latents = LatentSource.chunks(LatentSource.job("cancelled", "demo"), 1);
        send(latents.get(0));
        AtomicReference<Optional<JobStates>> known = new AtomicReference<>(Optional.empty());
        try (StreamService service = encoder(connections -> {
            known.set(Optional.of(connections.states()));
            return stage(MemoryBudget.ofMachine(), connections);
        })) {
            await().atMost(PATIENCE).until(() -> media("cancelled").size() == 2);
            // When
            publisher
                    .send(new JobEvent.CancelRequested("cancelled", Instant.now(), "enough"))
                    .join();
            await().atMost(PATIENCE)
                    .until(() -> known.get()
                            .filter(states -> states.cancelRequest("cancelled").isPresent())
                            .isPresent());
            latents.subList(1, 3).forEach(this::send);
            await().atMost(PATIENCE).until(() -> !states("cancelled").isEmpty());
            await().atMost(PATIENCE)
                    .until(() -> media("cancelled").stream().anyMatch(c -> c.kind() == ChunkKind.ABORT));
        }
        // Then
        assertThat(states("cancelled")).singleElement().isInstanceOf(JobEvent.Cancelled.class);
        assertThat(isWhole(media("cancelled"))).isFalse();
    }

    @Test
    void whatCannotBeDecodedFailsForGood() {
        // Given
        LatentSource.chunks(LatentSource.job("unknown", "nowhere"), 1).forEach(this::send);
        Job job = LatentSource.job("wide", "demo");
        Job wide = new Job(
                job.jobId(),
                job.prompt(),
                "",
                "demo",
                new Size(128, 64),
                9,
                8,
                4,
                5,
                3,
                "euler",
                7,
                job.cache(),
                job.output(),
                job.idempotencyKey(),
                Map.of(),
                job.requestedAt(),
                Map.of());
        LatentSource.chunks(wide, 1).forEach(this::send);
        LatentSource.chunks(LatentSource.job("next", "demo"), 1).forEach(this::send);
        // When
        try (StreamService service = encoder()) {
            await().atMost(PATIENCE).until(() -> isWhole(media("next")));
            await().atMost(PATIENCE)
                    .until(() -> !states("unknown").isEmpty() && !states("wide").isEmpty());
        }
        // Then
        assertThat(failure("unknown"))
                .isEqualTo(new JobEvent.Failure(
                        "MODEL.UNKNOWN", ErrorClass.PERMANENT, "no model 'nowhere'; available are [demo]"));
        assertThat(failure("wide").code()).isEqualTo("ENCODER.FAILED");
        assertThat(failure("wide").message()).contains("64x64", "128x64");
    }

    @Test
    void whatWouldNotFitInMemoryIsRefusedWithTheEstimateAndTheNextVideoIsDecoded() {
        // Given
        Job large = LatentSource.job("large", "demo", new Size(128, 128));
        Job small = LatentSource.job("small", "demo");
        LatentSource.chunks(large, 1).forEach(this::send);
        LatentSource.chunks(small, 1).forEach(this::send);
        long forSmall = autoencoders.decoding("demo", small.size());
        // When
        try (StreamService service = encoder(MemoryBudget.of(forSmall))) {
            await().atMost(PATIENCE).until(() -> isWhole(media("small")));
            await().atMost(PATIENCE).until(() -> !states("large").isEmpty());
        }
        // Then
        assertThat(autoencoders.decoding("demo", large.size())).isGreaterThan(forSmall);
        assertThat(failure("large").code()).isEqualTo("RESOURCE.MEMORY");
        assertThat(failure("large").errorClass()).isEqualTo(ErrorClass.PERMANENT);
        assertThat(failure("large").message()).contains("128x128", "needs about", "the limit is");
    }

    @Test
    void aVideoWaitsForMemoryThatAnotherHas() {
        // Given: all is held
        Job job = LatentSource.job("short", "demo");
        LatentSource.chunks(job, 1).forEach(this::send);
        long needed = autoencoders.decoding("demo", job.size());
        MemoryBudget memory = MemoryBudget.of(needed);
        MemoryBudget.Reservation other = memory.reserve(1, job);
        AtomicInteger tries = new AtomicInteger();
        // When
        try (StreamService service = encoder(connections -> counting(tries, stage(memory, connections)))) {
            await().atMost(PATIENCE).until(() -> tries.get() == 2);
            assertThat(states("short")).isEmpty();
            other.close();
            await().atMost(PATIENCE).until(() -> isWhole(media("short")));
        }
        // Then: a session that is closed holds nothing
        assertThat(states("short")).isEmpty();
        memory.reserve(needed, job).close();
    }

    private static PipelineStage counting(AtomicInteger tries, PipelineStage stage) {
        return new PipelineStage() {
            @Override
            public StreamSession open(StreamHead head) throws InterruptedException {
                tries.incrementAndGet();
                return stage.open(head);
            }

            @Override
            public void ended(String jobId, int attempt, Ending ending, String reason) {
                stage.ended(jobId, attempt, ending, reason);
            }
        };
    }

    private StreamService encoder() {
        return encoder(MemoryBudget.ofMachine());
    }

    private StreamService encoder(MemoryBudget memory) {
        return encoder(connections -> stage(memory, connections));
    }

    private StreamService encoder(Function<Connections, PipelineStage> stage) {
        return new StreamService(EncoderProcess.settings(), kafka.bootstrapServers(), stage);
    }

    private PipelineStage stage(MemoryBudget memory, Connections connections) {
        return new EncoderStage(autoencoders, memory, THREADS, connections.publisher(), new EncoderMetrics(meters));
    }

    private void send(Chunk chunk) {
        publisher.send(Topics.LATENTS, chunk).join();
    }

    private static List<Chunk> media(String jobId) {
        return mediaTopic.chunks(jobId);
    }

    private static List<Event> states(String jobId) {
        return stateTopic.events(jobId);
    }

    private static JobEvent.Failure failure(String jobId) {
        return ((JobEvent.Failed) states(jobId).get(0)).error();
    }

    private static boolean isWhole(List<Chunk> media) {
        return media.stream().anyMatch(chunk -> chunk.index() == chunk.count() - 1);
    }

    private static Map<String, List<Chunk>> runs(List<Chunk> media) {
        Map<String, List<Chunk>> runs = new TreeMap<>();
        media.forEach(
                chunk -> runs.computeIfAbsent(chunk.attributes().get(Chunk.RUN), run -> new java.util.ArrayList<>())
                        .add(chunk));
        return runs;
    }

    private static List<Chunk> lastRun(List<Chunk> media) {
        return runs(media).get(media.get(media.size() - 1).attributes().get(Chunk.RUN));
    }

    private static byte[] file(List<Chunk> media) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        media.forEach(chunk -> {
            byte[] bytes = new byte[chunk.payload().remaining()];
            chunk.payload().get(bytes);
            file.writeBytes(bytes);
        });
        return file.toByteArray();
    }

    /** The same video without Kafka. */
    private static byte[] reference(Job job) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        THREADS.prepare();
        try (FrameDecoder decoder = new FrameDecoder(autoencoders.of("demo"), job);
                Mp4StreamEncoder encoder = new Mp4StreamEncoder(H264.best(), VideoTags.format(job, job.size()))) {
            add(file, encoder.start());
            for (Frame frame : LatentSource.frames(job)) {
                decoder.decode(frame).forEach(encoder::write);
                add(file, encoder.cut());
            }
            add(file, encoder.finish());
        }
        return file.toByteArray();
    }

    private static void add(ByteArrayOutputStream file, List<Fragment> fragments) {
        fragments.forEach(fragment -> file.writeBytes(fragment.bytes().array()));
    }
}
