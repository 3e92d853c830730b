package io.lowpass.sampler;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.JobRun.State;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.generation.Latents;
import io.lowpass.streaming.JobRuns;
import io.lowpass.streaming.JobStates;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Runs one delivery of a job: from its record to latents on the topic, or to the event that explains the failure.
 *
 * <p>The broker has acknowledged all results before a run returns {@link Acknowledgement#ACCEPT}.
 */
public final class JobRunner {

    private static final Logger LOG = Logger.getLogger(JobRunner.class);
    private static final double MILLIS_PER_SECOND = 1000;

    /** Interval at which it checks for an encoder. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** By then, a worker that survived a restart of the broker has handed its job back. */
    private static final Duration OUTCOME_TIMEOUT = Duration.ofSeconds(15);

    private final LoadedModels models;
    private final KnownEncoders encoders;
    private final JobStates states;
    private final JobRuns runs;
    private final JobPublisher publisher;
    private final SamplerMetrics metrics;
    private final RetryRules rules;
    private final CurrentRun currentRun;
    private final RunOutcomes outcomes;
    private final PersistentRetry retry;

    public JobRunner(
            LoadedModels models,
            SharedState sharedState,
            JobPublisher publisher,
            SamplerMetrics metrics,
            RetryRules rules) {
        this.models = models;
        this.encoders = sharedState.encoders();
        this.states = sharedState.states();
        this.runs = sharedState.runs();
        this.publisher = publisher;
        this.metrics = metrics;
        this.rules = rules;
        this.currentRun = new CurrentRun(runs);
        this.outcomes = new RunOutcomes(states, currentRun, publisher, metrics, rules);
        this.retry = new PersistentRetry(rules);
    }

    /**
     * Runs the job unless it has to wait or is over.
     *
     * @param othersWait whether other jobs could run before a waiting one
     */
    Acknowledgement run(Delivery delivery, RecordLease lease, BooleanSupplier othersWait) {
        MDC.put("jobId", delivery.jobId());
        try {
            Acknowledgement acknowledgement = Boundary.callAny(
                    () -> Boundary.callAny(
                            () -> take(delivery, lease, othersWait),
                            error -> outcomes.failed(delivery, Failures.cause(error), lease)),
                    error -> outcomes.unpublished(delivery, Failures.cause(error), lease));
            return acknowledgement == Acknowledgement.RELEASE && delivery.isNearItsLimit()
                    ? keep(delivery, lease)
                    : acknowledgement;
        } finally {
            currentRun.end(State.HANDED_BACK);
            MDC.clear();
        }
    }

    /** The current run of the delivered job. */
    Optional<JobRun> currentRun(Delivery delivery) {
        return currentRun.of(delivery.jobId());
    }

    /** Why a job is held but not processed; empty if none is. */
    Optional<String> problem() {
        return retry.problem();
    }

    /** Whether no later run of the job is known. */
    boolean isNewest(JobRun run) {
        return runs.isNewest(run);
    }

    /** Completes when a broker responds. */
    CompletableFuture<Boolean> brokerIsBack() {
        return runs.caughtUp();
    }

    /**
     * Records that the current run of the delivered job ended through no fault of the job.
     *
     * @throws KafkaException if the broker is unavailable; calling again is safe
     */
    void handBack(Delivery delivery) {
        currentRun.handBack(delivery.jobId());
    }

    private Acknowledgement take(Delivery delivery, RecordLease lease, BooleanSupplier othersWait) {
        if (!delivery.isNamed()) {
            throw nameless(delivery);
        }
        if (states.isOver(delivery.jobId())) {
            return outcomes.over(delivery);
        }
        Job job = delivery.job();
        StepProgress steps = new StepProgress(job, runs.nextAttempt(job.jobId()));
        try {
            steps.throwIfStopped(states, lease);
            runs.awaitOutcome(delivery.record(), OUTCOME_TIMEOUT);
            if (!runs.counts(delivery.record())) {
                return outdated(delivery);
            }
            if (delivery.isNearItsLimit()) {
                return keep(delivery, lease);
            }
            if (!isDecodable(job, steps, delivery, lease, othersWait)) {
                return anew(delivery, lease).orElse(Acknowledgement.NONE);
            }
            return begin(delivery, job, lease);
        } catch (CancellationException stopped) {
            return outcomes.stopped(delivery, steps, lease);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Acknowledgement.NONE;
        }
    }

    private static MalformedRecordException nameless(Delivery delivery) {
        return new MalformedRecordException(delivery.record(), "it has no key with the job id");
    }

    private static Acknowledgement outdated(Delivery delivery) {
        LOG.infof("This record of job %s is superseded", delivery.jobId());
        return Acknowledgement.ACCEPT;
    }

    /** Replaces the record; empty if another run began meanwhile, or the record is lost. */
    private Optional<Acknowledgement> anew(Delivery delivery, RecordLease lease) {
        boolean replaced = runs.rewrite(delivery.record(), lease::isLost);
        return replaced ? Optional.of(Acknowledgement.ACCEPT) : Optional.empty();
    }

    /** Disposes of a record that must not be released: the broker drops it after a few more deliveries. */
    private Acknowledgement keep(Delivery delivery, RecordLease lease) {
        return retry.repeat(
                delivery,
                lease,
                () -> delivery.isNamed()
                        ? anew(delivery, lease)
                        : Optional.of(outcomes.sendToDeadLetters(delivery, Failures.of(nameless(delivery)))));
    }

    /** Waits until an encoder can decode the model's latents; false if the job should yield to others. */
    private boolean isDecodable(
            Job job, StepProgress steps, Delivery delivery, RecordLease lease, BooleanSupplier othersWait)
            throws InterruptedException {
        Optional<String> obstacle = encoders.obstacle(job.model());
        if (obstacle.isEmpty()) {
            return true;
        }
        LOG.warnf("Job %s waits: %s", job.jobId(), obstacle.get());
        metrics.waits();
        publisher.sendAsync(new Waiting(
                job.jobId(),
                currentRun.attempt(delivery.jobId()),
                Instant.now(),
                Stage.DENOISE,
                "ENCODER.NONE",
                obstacle.get(),
                false));
        long patient = System.nanoTime() + delivery.patience().toNanos();
        while (encoders.obstacle(job.model()).isPresent()) {
            if (System.nanoTime() > patient && othersWait.getAsBoolean()) {
                return false;
            }
            lease.awaitLoss(LOOK);
            steps.throwIfStopped(states, lease);
        }
        return true;
    }

    private Acknowledgement begin(Delivery delivery, Job job, RecordLease lease) {
        Optional<JobRun> begun = runs.begin(delivery.record(), lease::isLost);
        if (begun.isEmpty()) {
            return runs.counts(delivery.record()) ? Acknowledgement.NONE : outdated(delivery);
        }
        JobRun run = begun.get();
        currentRun.begin(run);
        MDC.put("attempt", run.attempt());
        if (run.attempt() > rules.attempts()) {
            return outcomes.poisoned(
                    delivery, new Failure("WORKER.LOST", ErrorClass.RETRYABLE, "the worker was lost each time"));
        }
        StepProgress steps = new StepProgress(job, run.attempt());
        try {
            steps.throwIfStopped(states, lease);
            return generate(delivery, job, run, steps, lease);
        } catch (CancellationException stopped) {
            return outcomes.stopped(delivery, steps, lease);
        }
    }

    private Acknowledgement generate(Delivery delivery, Job job, JobRun run, StepProgress steps, RecordLease lease) {
        boolean warm = models.isLoaded(job.model());
        Generator generator = models.generator(job.model());
        PlannedVideo video = generator.plan(job);
        models.memory().require(video.memory(), job);
        publisher.sendAndWait(new Started(
                job.jobId(),
                run.attempt(),
                Instant.now(),
                delivery.worker(),
                generator.device(),
                Optional.of(job.model()),
                Optional.of(warm)));
        LOG.infof(
                "Attempt %d of job %s: %s, %d frames, %d steps",
                run.attempt(), job.jobId(), job.size(), job.numFrames(), job.steps());
        try (Latents latents = video.generate((report, ignored) -> {
            metrics.step(report);
            Progress progress = steps.finished(report);
            if (generator.isStreamed() && steps.done() == 1) {
                LOG.infof(
                        "Job %s: the weights are streamed, a step takes %.1f s",
                        job.jobId(), report.elapsed().toMillis() / MILLIS_PER_SECOND);
            }
            if (lease.isValid()) {
                publisher.sendAsync(progress);
            }
            steps.throwIfStopped(states, lease);
        })) {
            steps.throwIfStopped(states, lease);
            new LatentFrames(job, run, delivery.taken(), latents).sendBy(publisher, lease);
        }
        metrics.job("sampled");
        if (lease.isLost()) {
            return Acknowledgement.NONE;
        }
        currentRun.end(State.DONE);
        return Acknowledgement.ACCEPT;
    }
}
