package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.WorkerState;
import io.lowpass.contracts.WorkerState.Activity;
import io.lowpass.streaming.MemoryBudget;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplerWorkerTest {

    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Duration LOCK = Duration.ofSeconds(5);

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
    }

    @AfterAll
    static void stopBroker() {
        place.close();
    }

    @Test
    void aJobBecomesEventsAndOneRecordPerLatentFrame() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(1));

        // When
        place.send(SamplerHarness.job("plain", 4));
        await().atMost(LONG).until(() -> place.latents("plain").size() == 3);

        // Then
        assertThat(place.events("plain", Started.class)).hasSize(1);
        assertThat(place.events("plain", Progress.class))
                .extracting(Progress::step)
                .containsExactly(1, 2, 3, 4);
        List<Chunk> chunks = place.latents("plain");
        assertThat(chunks).extracting(Chunk::index).containsExactly(0, 1, 2);
        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.shape()).containsExactly(2L, 4L, 5L));
        assertThat(chunks.get(0).attributes()).containsOnlyKeys(Chunk.JOB, Chunk.TIMINGS, Chunk.STEPS, Chunk.RUN);
        assertThat(chunks.get(1).attributes())
                .containsOnly(Map.entry(Chunk.RUN, chunks.get(0).attributes().get(Chunk.RUN)));
        float[] second = new float[40];
        chunks.get(1).payload().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(second);
        assertThat(second[0]).isEqualTo(20);
        assertThat(second[20]).isEqualTo(80);
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void aWorkerTellsWhatItDoesAndWhichModelsItHas() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(1));
        String worker = place.lastWorker();
        // When
        place.send(SamplerHarness.job("noticed", 2));
        await().atMost(LONG).until(() -> place.latents("noticed").size() == 3);
        await().atMost(LONG).until(() -> place.lag() == 0);
        place.closeWorkers();
        await().atMost(LONG)
                .until(() -> place.events(worker, WorkerState.class).stream()
                        .anyMatch(state -> state.activity() == Activity.STOPPED));
        // Then
        List<WorkerState> states = place.events(worker, WorkerState.class);
        assertThat(states).extracting(WorkerState::activity).containsSubsequence(Activity.IDLE, Activity.BUSY);
        assertThat(states.get(states.size() - 1).activity()).isEqualTo(Activity.STOPPED);
        assertThat(states)
                .filteredOn(state -> state.activity() == Activity.BUSY)
                .allMatch(state -> state.jobId().equals(Optional.of("noticed")));
        assertThat(states)
                .allSatisfy(state -> assertThat(state.models())
                        .containsExactly(new WorkerState.Model("m", true, false, Optional.empty())));
        assertThat(states).extracting(WorkerState::id).doesNotHaveDuplicates();
        Started started = place.events("noticed", Started.class).get(0);
        assertThat(started.model()).contains("m");
        assertThat(started.warm()).contains(true);
    }

    @Test
    void aJobMayLastLongerThanItsLock() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(500));
        place.worker(SteppedGenerator.ofMillis(500));

        // When
        place.send(SamplerHarness.job("long", (int) (LOCK.plusSeconds(2).toMillis() / 500)));
        await().atMost(LONG).until(() -> place.latents("long").size() == 3);

        // Then
        assertThat(place.events("long", Started.class)).hasSize(1);
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void cancelStopsTheJobWithinOneStep() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(200));
        place.send(SamplerHarness.job("cancelled", 1000));
        await().atMost(LONG)
                .until(() -> place.events("cancelled", Progress.class).size() >= 2);

        // When
        place.send(new CancelRequested("cancelled", Instant.now(), "enough"));
        await().atMost(LONG)
                .until(() -> !place.events("cancelled", Cancelled.class).isEmpty());

        // Then
        Cancelled cancelled = place.events("cancelled", Cancelled.class).get(0);
        assertThat(cancelled.reason()).isEqualTo("enough");
        // Steps and ends are sent by different producers.
        await().atMost(LONG)
                .until(() -> place.events("cancelled", Progress.class).size() >= cancelled.atStep());
        assertThat(place.events("cancelled", Progress.class)).hasSize(cancelled.atStep());
        assertThat(place.latents("cancelled")).isEmpty();
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void aJobThatWasCancelledWhileItWaitedDoesNotStart() throws Exception {
        // Given
        place.send(new CancelRequested("never", Instant.now(), "changed my mind"));
        place.send(SamplerHarness.job("never", 3));

        // When
        place.worker(SteppedGenerator.ofMillis(1));
        await().atMost(LONG).until(() -> !place.events("never", Cancelled.class).isEmpty());

        // Then
        assertThat(place.events("never", Started.class)).isEmpty();
        assertThat(place.events("never", Cancelled.class))
                .singleElement()
                .extracting(Cancelled::atStep)
                .isEqualTo(0);
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void aWorkerThatStopsGivesItsJobToAnotherAndSaysNothingMore() throws Exception {
        // Given
        CountDownLatch inStep = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SamplerWorker first = place.worker(new SteppedGenerator((job, step) -> {
            inStep.countDown();
            goOn.await();
        }));
        place.send(SamplerHarness.job("handed-over", 3));
        inStep.await();

        // When
        place.worker(SteppedGenerator.ofMillis(1));
        Thread closing = new Thread(first::close);
        closing.start();
        await().atMost(LONG).until(() -> place.latents("handed-over").size() == 3);
        goOn.countDown();
        closing.join();

        // Then
        assertThat(place.events("handed-over", Started.class))
                .extracting(Started::attempt)
                .containsExactly(1, 1);
        assertThat(place.events("handed-over", Progress.class))
                .extracting(Progress::step)
                .containsExactly(1, 2, 3);
        assertThat(place.latents("handed-over"))
                .allSatisfy(chunk -> assertThat(chunk.attempt()).isEqualTo(1))
                .allSatisfy(chunk -> assertThat(chunk.attributes()).containsEntry(Chunk.RUN, "2"));
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void whatFailsEachTimeIsPutAside() throws Exception {
        // Given
        place.worker(new SteppedGenerator((job, step) -> {
            if (job.jobId().equals("poison")) {
                throw new IllegalStateException("the device fell over");
            }
        }));

        // When
        place.send(SamplerHarness.job("poison", 3));
        place.send(SamplerHarness.job("healthy", 3));
        await().atMost(LONG).until(() -> place.deadLetters("poison").size() == 1);
        await().atMost(LONG).until(() -> place.latents("healthy").size() == 3);
        await().atMost(LONG).until(() -> place.events("poison", Failed.class).size() == 3);

        // Then
        List<Failed> failures = place.events("poison", Failed.class);
        assertThat(failures).extracting(Failed::attempt).containsExactly(1, 2, 3);
        assertThat(failures).extracting(Failed::willRetry).containsExactly(true, true, false);
        assertThat(failures.get(0).error().errorClass()).isEqualTo(ErrorClass.RETRYABLE);
        assertThat(failures.get(2).error().errorClass()).isEqualTo(ErrorClass.POISON);
        assertThat(failures.get(2).error().message()).contains("3 attempts").contains("the device fell over");
        assertThat(place.deadLetters("poison")
                        .get(0)
                        .headers()
                        .lastHeader(DeadLetters.ATTEMPTS)
                        .value())
                .isEqualTo("3".getBytes(StandardCharsets.UTF_8));
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void whatIsNoJobIsPutAside() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(1));

        // When: some have no name either, and one bears a job's name but does not say that it is the job
        place.send(Topics.JOBS, null, "{".getBytes(StandardCharsets.UTF_8));
        place.send(Topics.JOBS, null, "{".getBytes(StandardCharsets.UTF_8));
        place.send(Topics.JOBS, "stranger", "{".getBytes(StandardCharsets.UTF_8));
        place.sendAs(EventType.RESOLVED, "rubbish", "{".getBytes(StandardCharsets.UTF_8));
        await().atMost(LONG).until(() -> !place.events("rubbish", Failed.class).isEmpty());

        // Then
        assertThat(place.deadLetters("rubbish")).hasSize(1);
        assertThat(place.events("rubbish", Failed.class).get(0).error().code()).isEqualTo("RECORD.MALFORMED");
        assertThat(place.deadLetters(null))
                .hasSize(2)
                .allSatisfy(record -> assertThat(
                                record.headers().lastHeader(DeadLetters.CODE).value())
                        .isEqualTo("RECORD.MALFORMED".getBytes(StandardCharsets.UTF_8)));
        assertThat(place.events(null, Event.class)).isEmpty();
        await().atMost(LONG).until(() -> place.lag() == 0);
        assertThat(place.deadLetters("stranger")).hasSize(1);
        assertThat(place.events("stranger", Failed.class)).isEmpty();
    }

    @Test
    void anErrorThatNobodyExpectsDoesNotEndTheWorker() throws Exception {
        // Given: the worker falls over when it is to say that it is busy
        AtomicBoolean armed = new AtomicBoolean();
        SteppedGenerator steps = SteppedGenerator.ofMillis(1);
        place.worker(new Generator() {
            @Override
            public String device() {
                return steps.device();
            }

            @Override
            public boolean isStreamed() {
                if (armed.getAndSet(false)) {
                    throw new IllegalStateException("nobody expects this");
                }
                return false;
            }

            @Override
            public PlannedVideo plan(Job job) {
                return steps.plan(job);
            }
        });
        await().atMost(LONG)
                .until(() -> place.events(place.lastWorker(), WorkerState.class).stream()
                        .anyMatch(state -> state.activity() == Activity.IDLE));

        // When
        armed.set(true);
        place.send(SamplerHarness.job("unexpected", 2));

        // Then: the record went back, and the same worker takes it again
        await().atMost(LONG).until(() -> place.latents("unexpected").size() == 3);
        assertThat(armed).isFalse();
        assertThat(place.latents("unexpected")).extracting(Chunk::attempt).containsOnly(1);
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void whatWouldNotFitInMemoryIsRefusedWithTheEstimate() throws Exception {
        // Given
        place.worker(SteppedGenerator.ofMillis(1), MemoryBudget.of(64 * 64 * 9 - 1));

        // When
        place.send(SamplerHarness.job("huge", 3));
        await().atMost(LONG).until(() -> !place.events("huge", Failed.class).isEmpty());

        // Then
        Failed failed = place.events("huge", Failed.class).get(0);
        assertThat(failed.error().code()).isEqualTo("RESOURCE.MEMORY");
        assertThat(failed.error().errorClass()).isEqualTo(ErrorClass.PERMANENT);
        assertThat(failed.error().message())
                .contains("64x64 with 9 frames needs about")
                .contains("the limit is");
        assertThat(place.events("huge", Started.class)).isEmpty();
        await().atMost(LONG).until(() -> place.lag() == 0);
    }

    @Test
    void aJobThatHasEndedIsNotRunAgain() throws Exception {
        // Given
        place.send(new Cancelled("over", 1, Instant.now(), 2, ""));
        place.send(SamplerHarness.job("over", 3));

        // When
        place.worker(SteppedGenerator.ofMillis(1));
        await().atMost(LONG).until(() -> place.lag() == 0);
        await().atMost(LONG).until(() -> !place.events("over", Event.class).isEmpty());

        // Then
        assertThat(place.events("over", Event.class)).hasSize(1);
    }

    @Test
    void twoWorkersRunTwoJobsAtTheSameTime() throws Exception {
        // Given
        CountDownLatch both = new CountDownLatch(2);
        Stream.of(1, 2)
                .forEach(number -> place.worker(new SteppedGenerator((job, step) -> {
                    both.countDown();
                    both.await();
                })));

        // When
        place.send(SamplerHarness.job("left", 2));
        place.send(SamplerHarness.job("right", 2));
        await().atMost(LONG)
                .until(() ->
                        place.latents("left").size() + place.latents("right").size() == 6);

        // Then
        assertThat(place.events("left", Started.class).get(0).worker())
                .isNotEqualTo(place.events("right", Started.class).get(0).worker());
        await().atMost(LONG).until(() -> place.lag() == 0);
    }
}
