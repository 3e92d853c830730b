package io.lowpass.sampler;

import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.ErrorClass;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.streaming.JobStates;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Runs one delivery of a job: from its record to latents on the topic, or to the event that says why not.
 *
 * <p>All results are acknowledged by the broker before a run returns {@link Verdict#ACCEPT}.
 */
public final class JobRunner {

    private static final Logger LOG = Logger.getLogger(JobRunner.class);
    private static final double MILLIS_PER_SECOND = 1000;
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    private final LoadedModels models;
    private final JobStates states;
    private final Outbox outbox;
    private final SamplerMetrics metrics;
    private final RetryRules rules;

    /**
     * When to try again.
     *
     * @param attempts deliveries that are run; below the broker's delivery limit, so that a job which takes its worker
     *     with it is put aside by the next one
     * @param backOff wait before the first further attempt, doubled for each that follows
     */
    public record RetryRules(int attempts, Duration backOff) {

        Duration before(int nextAttempt) {
            Duration wait = backOff.multipliedBy(1L << Math.min(nextAttempt - 2, 16));
            return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
        }
    }

    public JobRunner(LoadedModels models, JobStates states, Outbox outbox, SamplerMetrics metrics, RetryRules rules) {
        this.models = models;
        this.states = states;
        this.outbox = outbox;
        this.metrics = metrics;
        this.rules = rules;
    }

    Verdict run(Delivery delivery, StopSign lost) {
        MDC.put("jobId", delivery.jobId());
        MDC.put("attempt", delivery.attempt());
        // A stage catches whatever a run throws, errors of the engine's native code included, without naming types.
        return CompletableFuture.completedFuture(delivery)
                .thenApply(taken -> take(taken, lost))
                .exceptionally(error -> failed(delivery, Failures.cause(error), lost))
                .whenComplete((verdict, error) -> MDC.clear())
                .join();
    }

    private Verdict take(Delivery delivery, StopSign lost) {
        if (!delivery.isNamed()) {
            throw new MalformedRecordException(delivery.record(), "it has no key, which would name the job");
        }
        if (states.isOver(delivery.jobId())) {
            LOG.infof("Job %s has already ended", delivery.jobId());
            return Verdict.ACCEPT;
        }
        if (delivery.attempt() > rules.attempts()) {
            return poisoned(
                    delivery, new Failure("WORKER.LOST", ErrorClass.RETRYABLE, "the worker was lost each time"));
        }
        Job job = delivery.job();
        Steps steps = new Steps(job, delivery.attempt());
        try {
            steps.goOn(states, lost);
            return generate(delivery, job, steps, lost);
        } catch (CancellationException stopped) {
            return stopped(delivery, steps, lost);
        }
    }

    private Verdict generate(Delivery delivery, Job job, Steps steps, StopSign lost) {
        boolean warm = models.isLoaded(job.model());
        Generator generator = models.generator(job.model());
        models.memory().require(generator.memoryFor(job), job);
        outbox.now(new Started(
                job.jobId(),
                delivery.attempt(),
                Instant.now(),
                delivery.worker(),
                generator.device(),
                Optional.of(job.model()),
                Optional.of(warm)));
        LOG.infof(
                "Attempt %d of job %s: %s, %d frames, %d steps",
                delivery.attempt(), job.jobId(), job.size(), job.numFrames(), job.steps());
        try (Latents latents = generator.generate(job, (report, ignored) -> {
            metrics.step(report);
            Progress progress = steps.finished(report);
            if (generator.isStreamed() && steps.done() == 1) {
                LOG.infof(
                        "Job %s: the weights are streamed, a step takes %.1f s",
                        job.jobId(), report.elapsed().toMillis() / MILLIS_PER_SECOND);
            }
            if (!lost.isRaised()) {
                outbox.soon(progress);
            }
            steps.goOn(states, lost);
        })) {
            steps.goOn(states, lost);
            new LatentFrames(job, delivery, latents).sendBy(outbox, lost);
        }
        metrics.job("sampled");
        return lost.isRaised() ? Verdict.NONE : Verdict.ACCEPT;
    }

    private Verdict stopped(Delivery delivery, Steps steps, StopSign lost) {
        if (lost.isRaised()) {
            return Verdict.NONE;
        }
        outbox.end(new Cancelled(
                delivery.jobId(),
                delivery.attempt(),
                Instant.now(),
                steps.done(),
                states.cancelRequest(delivery.jobId()).orElse("")));
        metrics.job("cancelled");
        return Verdict.ACCEPT;
    }

    private Verdict failed(Delivery delivery, Throwable error, StopSign lost) {
        if (lost.isRaised()) {
            return Verdict.NONE;
        }
        Failure failure = Failures.of(error);
        LOG.warnf("Attempt %d of job %s failed: %s", delivery.attempt(), delivery.jobId(), failure.message());
        LOG.debug("The cause", error);
        if (error instanceof MalformedRecordException) {
            return putAside(delivery, failure);
        }
        if (failure.errorClass() == ErrorClass.PERMANENT) {
            outbox.end(new Failed(delivery.jobId(), delivery.attempt(), Instant.now(), failure, false));
            metrics.job("failed");
            return Verdict.ACCEPT;
        }
        if (delivery.attempt() >= rules.attempts()) {
            return poisoned(delivery, failure);
        }
        outbox.soon(new Failed(delivery.jobId(), delivery.attempt(), Instant.now(), failure, true));
        metrics.job("retried");
        return waitedInVain(rules.before(delivery.attempt() + 1), lost) ? Verdict.RELEASE : Verdict.NONE;
    }

    /** Waits, because what is released is redelivered at once; false if the job was lost meanwhile. */
    private static boolean waitedInVain(Duration time, StopSign lost) {
        try {
            return !lost.await(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Verdict poisoned(Delivery delivery, Failure last) {
        Failure failure = new Failure(
                last.code(),
                ErrorClass.POISON,
                "given up after " + rules.attempts() + " attempts; the last: " + last.message());
        return putAside(delivery, failure);
    }

    private Verdict putAside(Delivery delivery, Failure failure) {
        outbox.deadLetter(delivery, failure);
        if (delivery.isOfJob()) {
            outbox.end(new Failed(delivery.jobId(), delivery.attempt(), Instant.now(), failure, false));
        }
        metrics.job("put-aside");
        return Verdict.REJECT;
    }
}
