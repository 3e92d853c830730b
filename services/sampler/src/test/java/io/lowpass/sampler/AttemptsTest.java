package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.JobRun.State;
import io.lowpass.streaming.JobEnds;
import io.lowpass.streaming.JobRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttemptsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration LOCK = Duration.ofSeconds(4);
    private static final int RESTARTS = 7;
    private static final int MOST_DELIVERIES = 5;

    @TempDir
    private static Path directory;

    private static SamplerHarness place;

    @BeforeAll
    static void startBroker() {
        place = new SamplerHarness(directory, LOCK);
    }

    @AfterEach
    void stopWorkers() {
        place.closeWorkers();
        place.encoder("m");
    }

    @AfterAll
    static void stopBroker() {
        place.close();
    }

    @Test
    void anOrderlyRestartOfItsWorkerCostsAJobNothing() throws Exception {
        // Given
        place.send(SamplerHarness.job("patient", 2000));

        // When
        for (int restart = 1; restart <= RESTARTS; restart++) {
            SamplerWorker worker = place.worker(SteppedGenerator.ofMillis(20));
            int runs = restart;
            await().atMost(LONG)
                    .until(() -> place.events("patient", Started.class).size() == runs);
            worker.close();
        }
        place.worker(SteppedGenerator.ofMillis(0));
        await().atMost(LONG).until(() -> place.latents("patient").size() == 3);
        await().atMost(LONG).until(() -> place.lag() == 0);

        // Then
        assertThat(place.events("patient", Started.class))
                .hasSize(RESTARTS + 1)
                .extracting(Started::attempt)
                .containsOnly(1);
        assertThat(place.events("patient", Failed.class)).isEmpty();
        assertThat(place.latents("patient"))
                .allSatisfy(chunk ->
                        assertThat(chunk.attributes()).containsEntry(Chunk.RUN, Integer.toString(RESTARTS + 1)));
        List<JobRun> runs = place.events("patient", JobRun.class);
        assertThat(runs.get(runs.size() - 1).state()).isEqualTo(State.DONE);
        // The broker's own limit was not reached: the record was written anew before that.
        assertThat(place.copies("patient")).hasSizeGreaterThan(1);
        assertThat(runs).extracting(JobRun::deliveries).allMatch(deliveries -> deliveries < 3);
    }

    @Test
    void aJobOnlyRunsFromTheNewestCopyOfItsRecord() throws Exception {
        // Given: whoever wrote the record anew died before it could acknowledge the old one
        place.send(SamplerHarness.job("twice", 4));
        try (JobRuns dead = new JobRuns(place.bootstrap(), "dead")) {
            dead.rewrite(place.copies("twice").get(0), () -> false);
            dead.rewrite(place.copies("twice").get(0), () -> false);
        }

        // When
        place.worker(SteppedGenerator.ofMillis(1));
        await().atMost(LONG).until(() -> place.latents("twice").size() == 3);
        await().atMost(LONG).until(() -> place.lag() == 0);

        // Then
        assertThat(place.copies("twice")).extracting(JobRuns::copy).containsExactly(0, 1);
        assertThat(place.events("twice", Started.class))
                .extracting(Started::attempt)
                .containsExactly(1);
        assertThat(place.latents("twice")).hasSize(3);
    }

    @Test
    void aJobThatWaitsBehindALongOneIsDeliveredOnce() throws Exception {
        // Given: a job that lasts longer than the lock several times
        place.worker(SteppedGenerator.ofMillis(100));
        place.send(SamplerHarness.job("long", (int) (3 * LOCK.toMillis() / 100)));
        place.send(SamplerHarness.job("behind", 2));

        // When
        await().atMost(LONG).until(() -> place.latents("behind").size() == 3);

        // Then
        assertThat(place.events("behind", Started.class))
                .extracting(Started::attempt)
                .containsExactly(1);
        assertThat(place.events("behind", JobRun.class)).extracting(JobRun::run).containsOnly(1);
        assertThat(place.events("behind", JobRun.class))
                .extracting(JobRun::deliveries)
                .containsOnly(1);
    }

    @Test
    void aJobThatNoEncoderCanDecodeDoesNotStartUntilOneCan() throws Exception {
        // Given
        place.encoder("another");
        place.worker(SteppedGenerator.ofMillis(1));
        place.send(SamplerHarness.job("undecodable", 2));
        await().atMost(LONG)
                .until(() -> !place.events("undecodable", Waiting.class).isEmpty());
        assertThat(place.events("undecodable", Waiting.class).get(0).reason())
                .isEqualTo("no encoder has model 'm'; available are [another]");
        assertThat(place.events("undecodable", Started.class)).isEmpty();

        // When
        place.encoder("another", "m");

        // Then
        await().atMost(LONG).until(() -> place.latents("undecodable").size() == 3);
        assertThat(place.events("undecodable", Started.class))
                .extracting(Started::attempt)
                .containsExactly(1);
        // A wait is no outcome: shares of failed jobs are of those that ended.
        assertThat(place.counted("lowpass.sampler.waits")).isPositive();
        assertThat(place.counted("lowpass.sampler.jobs", "outcome", "waiting")).isZero();
    }

    @Test
    void aJobThatWaitsForAnEncoderMakesWayForOthersAndCanBeCancelled() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(1));
        place.send(SamplerHarness.job("first", "unknown", 2));
        await().atMost(LONG).until(() -> !place.events("first", Waiting.class).isEmpty());

        // When
        place.send(SamplerHarness.job("second", 2));

        // Then
        await().atMost(LONG).until(() -> place.latents("second").size() == 3);
        assertThat(place.events("first", Progress.class)).isEmpty();

        // When
        place.send(new CancelRequested("first", Instant.now(), "enough"));

        // Then
        await().atMost(LONG).until(() -> !place.events("first", Cancelled.class).isEmpty());
        await().atMost(LONG).until(() -> place.lag() == 0);
        assertThat(place.events("first", Started.class)).isEmpty();
    }

    @Test
    void aJobOutlivesATimeInWhichNoRunCanBeNoted() throws Exception {
        // Given: the brokers give out jobs, but refuse the transactions by which runs are noted
        AtomicInteger refused = new AtomicInteger();
        AtomicBoolean refusing = new AtomicBoolean(true);
        SamplerWorker worker = place.worker(SteppedGenerator.ofMillis(1), id -> {
            if (refusing.get()) {
                refused.incrementAndGet();
                throw new TransactionalIdAuthorizationException("no access to " + id);
            }
            return JobEnds.producer(place.bootstrap(), id);
        });
        place.send(SamplerHarness.job("refused", 2));

        // When: more often than the broker delivers a record
        await().atMost(LONG).until(() -> refused.get() > MOST_DELIVERIES);

        // Then
        assertThat(place.lag()).isEqualTo(1);
        await().atMost(LONG)
                .until(() -> worker.problem()
                        .filter(problem -> problem.contains("no access to lowpass-job-run-"))
                        .isPresent());

        // When
        refusing.set(false);

        // Then
        await().atMost(LONG).until(() -> place.latents("refused").size() == 3);
        await().atMost(LONG).until(() -> place.lag() == 0);
        assertThat(worker.problem()).isEmpty();
        assertThat(place.events("refused", Started.class))
                .extracting(Started::attempt)
                .containsExactly(1);
    }

    @Test
    void aJobThatEndsWhileItIsSampledIsNotSampledToTheEnd() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(20));
        place.send(SamplerHarness.job("ended", 1000));
        await().atMost(LONG).until(() -> !place.events("ended", Progress.class).isEmpty());

        // When
        place.send(new Cancelled("ended", 1, Instant.now(), 0, ""));
        await().atMost(LONG).until(() -> place.lag() == 0);

        // Then
        assertThat(place.events("ended", Progress.class)).hasSizeLessThan(1000);
        assertThat(place.events("ended", Cancelled.class)).hasSize(1);
        assertThat(place.latents("ended")).isEmpty();
    }

    @Test
    void aRecordThatDoesNotCountDoesNotWaitForAnEncoder() throws Exception {
        // Given: all latents are out, but the record is still there
        Job job = SamplerHarness.job("sampled", "unknown", 2);
        place.send(job);
        try (JobRuns before = new JobRuns(place.bootstrap(), "before")) {
            JobRun run =
                    before.begin(place.copies("sampled").get(0), () -> false).orElseThrow();
            before.end(run, State.DONE);
        }

        // When
        place.worker(SteppedGenerator.ofMillis(1));
        await().atMost(LONG).until(() -> place.lag() == 0);

        // Then
        assertThat(place.events("sampled", Waiting.class)).isEmpty();
    }
}
