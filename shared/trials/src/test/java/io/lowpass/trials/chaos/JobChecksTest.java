package io.lowpass.trials.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Video;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.trials.chaos.Findings.Violation;
import io.lowpass.trials.chaos.JobChecks.Outcome;
import io.lowpass.trials.chaos.PlannedJob.Channel;
import io.lowpass.trials.processes.ServiceClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a run must find, told on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobChecksTest {

    private static final byte[] BYTES = "no video".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private static Path directory;

    private final Map<String, String> states = new ConcurrentHashMap<>();
    private EmbeddedKafka kafka;
    private EventPublisher publisher;
    private HttpServer http;

    @BeforeAll
    void start() throws IOException {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        publisher = EventPublisher.to(kafka.bootstrapServers());
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/jobs/", exchange -> {
            String id = exchange.getRequestURI().getPath().replace("/jobs/", "");
            byte[] view = ("{\"state\": \"" + states.get(id) + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, view.length);
            exchange.getResponseBody().write(view);
            exchange.close();
        });
        http.createContext("/videos/", exchange -> {
            exchange.sendResponseHeaders(200, BYTES.length);
            exchange.getResponseBody().write(BYTES);
            exchange.close();
        });
        http.start();
    }

    @AfterAll
    void stop() {
        http.stop(0);
        publisher.close();
        kafka.close();
    }

    private static SentJob sent(String id, boolean valid) {
        PlannedJob plan = new PlannedJob(id, 0, Channel.KEY, Videos.PLAIN, valid, List.of(), false, Optional.empty());
        SentJob job = new SentJob(plan);
        job.taken();
        return job;
    }

    private static String id() {
        return "job-" + UUID.randomUUID();
    }

    /** What is found when the job's events are these and ingestion says so of its state. */
    private Findings check(SentJob job, String state, JobEvent... events) throws InterruptedException {
        states.put(job.plan().name(), state);
        for (JobEvent event : events) {
            publisher.send(event).join();
        }
        Findings findings = new Findings();
        checks(findings).check(job);
        return findings;
    }

    private JobChecks checks(Findings findings) {
        ServiceClient client = new ServiceClient(http.getAddress().getPort(), 0);
        return new JobChecks(JobHistory.read(kafka.bootstrapServers()), new References(), client, client, findings);
    }

    private static Completed completed(String id, String sha256) {
        Video video = new Video(
                "videos", id + ".mp4", "s3://", "video/mp4", BYTES.length, sha256, 64, 48, 5, 8, Optional.empty());
        return new Completed(id, 1, Instant.now(), video, Map.of(), new StepCounts(4, 4, 0, 0), 1);
    }

    private static Cancelled cancelled(String id) {
        return new Cancelled(id, 1, Instant.now(), 0, "asked");
    }

    private static Rejected rejected(String id) {
        return new Rejected(id, Instant.now(), List.of(new FieldError("VALIDATION", "steps", "-1", "1 to 1000")));
    }

    @Test
    void aJobThatNobodyAnsweredIsLost() throws Exception {
        assertThat(check(sent(id(), true), "").of(Violation.LOST)).hasSize(1);
    }

    @Test
    void aJobWithTwoEndsIsDoubled() throws Exception {
        // Given
        String id = id();
        SentJob job = sent(id, true);
        job.askCancel();

        // When
        Findings findings = check(job, "cancelled", cancelled(id), rejected(id));

        // Then
        assertThat(findings.of(Violation.DOUBLED)).hasSize(1);
    }

    @Test
    void aCancelledJobIsLostUnlessThatWasAskedFor() throws Exception {
        // Given
        String unasked = id();
        String asked = id();
        SentJob job = sent(asked, true);
        job.askCancel();

        // When, Then
        assertThat(check(sent(unasked, true), "cancelled", cancelled(unasked)).of(Violation.LOST))
                .hasSize(1);
        assertThat(check(job, "cancelled", cancelled(asked)).isEmpty()).isTrue();
    }

    @Test
    void aRightRequestThatWasRejectedIsLostAndAWrongOneIsNot() throws Exception {
        // Given
        String right = id();
        String wrong = id();

        // When, Then
        assertThat(check(sent(right, true), "rejected", rejected(right)).of(Violation.LOST))
                .hasSize(1);
        assertThat(check(sent(wrong, false), "rejected", rejected(wrong)).isEmpty())
                .isTrue();
    }

    @Test
    void aJobThatFailedAlthoughItsWorkersLivedIsLost() throws Exception {
        // Given
        String id = id();
        Failed failed =
                new Failed(id, 1, Instant.now(), new Failure("ENCODER.FAILED", ErrorClass.PERMANENT, "why"), false);

        // When, Then
        assertThat(check(sent(id, true), "failed", failed).of(Violation.LOST)).hasSize(1);
    }

    @Test
    void aJobIsGivenUpAfterFourAttemptsHoweverOftenEachBegan() throws Exception {
        // Given
        String tooSoon = id();
        String right = id();

        // When, Then
        Findings handedBack = check(sent(tooSoon, true), "failed", attempts(tooSoon, 1, 1, 2, 2, 3));
        assertThat(handedBack.of(Violation.LOST)).hasSize(1);
        Findings killed = check(sent(right, true), "failed", attempts(right, 1, 2, 2, 3, 4));
        assertThat(killed.isEmpty()).isTrue();
    }

    /** Beginnings of these attempts, and that the job was given up. */
    private static JobEvent[] attempts(String id, int... attempts) {
        Failure failure = new Failure("WORKER.LOST", ErrorClass.POISON, "the worker was lost each time");
        Stream<JobEvent> begun = IntStream.of(attempts)
                .mapToObj(attempt ->
                        new Started(id, attempt, Instant.now(), "w", "cpu", Optional.empty(), Optional.empty()));
        return Stream.concat(begun, Stream.of(new Failed(id, 5, Instant.now(), failure, false)))
                .toArray(JobEvent[]::new);
    }

    @Test
    void aVideoThatIsNotTheOneThatIsToldOfOrCannotBeDecodedIsDifferent() throws Exception {
        // Given
        String other = id();
        String broken = id();

        // When, Then
        assertThat(check(sent(other, true), "completed", completed(other, "00")).of(Violation.DIFFERENT))
                .singleElement()
                .asString()
                .contains("its event describes another one");
        assertThat(check(sent(broken, true), "completed", completed(broken, References.sha256(BYTES)))
                        .of(Violation.DIFFERENT))
                .singleElement()
                .asString()
                .contains("differs from the video of an undisturbed run");
    }

    @Test
    void aJobThatHttpTellsOtherwiseOfIsStuck() throws Exception {
        // Given
        String id = id();
        SentJob job = sent(id, true);
        job.askCancel();

        // When, Then
        assertThat(check(job, "running", cancelled(id)).of(Violation.STUCK)).hasSize(1);
    }

    @Test
    void countsAreOfWhatTheEventsSay() throws Exception {
        // Given
        String id = id();
        SentJob job = sent(id, false);
        states.put(id, "rejected");
        publisher.send(rejected(id)).join();
        JobChecks checks = checks(new Findings());

        // When
        checks.check(job);

        // Then
        assertThat(checks.count(Outcome.REJECTED)).isEqualTo(1);
        assertThat(checks.count(Outcome.COMPLETED)).isZero();
    }

    @Test
    void aRecordWithoutAnAnswerIsLost() throws Exception {
        // Given
        Findings findings = new Findings();

        // When
        checks(findings)
                .checkRecords(List.of(
                        new RecordSender.Sent("lowpass.jobs.v1", "lowpass.jobs.v1-0@7", "odd"),
                        new RecordSender.Sent("lowpass.control.v1", "lowpass.control.v1-0@7", "odd-control-number"),
                        new RecordSender.Sent("lowpass.control.v1", "lowpass.control.v1-0@8", "odd-control-nulls"),
                        new RecordSender.Sent("lowpass.state.v1", "lowpass.state.v1-0@7", "odd")));

        // Then
        assertThat(findings.of(Violation.LOST))
                .extracting(line -> line.split(" ")[2])
                .containsExactly("lowpass.jobs.v1-0@7", "lowpass.control.v1-0@7");
    }

    @Test
    void aWishToCancelThatIngestionHasNotLookedAtIsALag() throws Exception {
        // Given
        publisher.send(new CancelRequested(id(), Instant.now(), "enough")).join();

        // When, Then
        try (GroupLags groups = new GroupLags(kafka.bootstrapServers())) {
            assertThat(groups.lines()).anyMatch(line -> line.startsWith("lowpass-ingestion-control has a lag of "));
        }
    }

    @Test
    void filesOfNoCompletedJobAreOrphansAndMissingOnesLost() throws Exception {
        // Given
        String id = id();
        check(sent(id, true), "completed", completed(id, "00"));
        Path bucket = Files.createDirectories(directory.resolve("objects").resolve("videos"));
        Files.write(bucket.resolve("part-of-an-upload"), BYTES);
        Findings findings = new Findings();

        // When
        new StoredObjects(bucket.getParent()).check(JobHistory.read(kafka.bootstrapServers()), findings);

        // Then
        assertThat(findings.of(Violation.ORPHANS)).singleElement().asString().contains("part-of-an-upload");
        assertThat(findings.of(Violation.LOST)).anyMatch(line -> line.contains(id + ".mp4"));
    }
}
