package io.lowpass.sampler;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.JobRun.State;
import io.lowpass.contracts.MalformedRecordException;
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
 * Runs one delivery of a job: from its record to latents on the topic, or to the event that says why not.
 *
 * <p>All results are acknowledged by the broker before a run returns {@link Verdict#ACCEPT}.
 */
public final class JobRunner {

    private static final Logger LOG = Logger.getLogger(JobRunner.class);
    private static final double MILLIS_PER_SECOND = 1000;

    /** How often is looked whether an encoder has come. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** A worker that was alive when its broker came back has handed its job back by then. */
    private static final Duration PATIENCE_FOR_WORD = Duration.ofSeconds(15);

    private final LoadedModels models;
    private final Encoders encoders;
    private final JobStates states;
    private final JobRuns runs;
    private final Outbox outbox;
    private final SamplerMetrics metrics;
    private final RetryRules rules;
    private volatile Optional<JobRun> underWay = Optional.empty();

    public JobRunner(
            LoadedModels models, Knowledge knowledge, Outbox outbox, SamplerMetrics metrics, RetryRules rules) {
        this.models = models;
        this.encoders = knowledge.encoders();
        this.states = knowledge.states();
        this.runs = knowledge.runs();
        this.outbox = outbox;
        this.metrics = metrics;
        this.rules = rules;
    }

    /**
     * Runs the job unless it has to wait or is over.
     *
     * @param othersWait whether there are jobs that could go ahead of one that has to wait
     */
    Verdict run(Delivery delivery, StopSign lost, BooleanSupplier othersWait) {
        MDC.put("jobId", delivery.jobId());
        // A stage catches whatever a run throws, errors of the engine's native code included, without naming types.
        return CompletableFuture.completedFuture(delivery)
                .thenApply(taken -> take(taken, lost, othersWait))
                .exceptionally(error -> failed(delivery, Failures.cause(error), lost))
                .whenComplete((verdict, error) -> {
                    if (verdict == Verdict.NONE) {
                        conclude(State.HANDED_BACK);
                    }
                    MDC.clear();
                })
                .join();
    }

    /** The run that is under way; empty before it is noted and after its end is. */
    Optional<JobRun> underWay() {
        return underWay;
    }

    /** Whether no other run of the job is known to have begun. */
    boolean isNewest(JobRun run) {
        return runs.isNewest(run);
    }

    /** Completes when a broker answers. */
    CompletableFuture<Boolean> brokerIsBack() {
        return runs.caughtUp();
    }

    /**
     * Notes that the run under way, if there is one, came to its end through no fault of the job.
     *
     * @throws KafkaException if the broker is away; another call is safe
     */
    void handBack() {
        underWay.ifPresent(run -> {
            runs.end(run, State.HANDED_BACK);
            underWay = Optional.empty();
        });
    }

    /** Notes how the run under way ended. Where the broker does not take the note, the run counts as one that was lost. */
    private void conclude(State state) {
        underWay.ifPresent(run -> {
            try {
                runs.end(run, state);
            } catch (KafkaException away) {
                LOG.warnf(
                        "That run %d of job %s is %s was not noted: %s",
                        run.run(), run.jobId(), state, away.getMessage());
            }
            underWay = Optional.empty();
        });
    }

    private int attempt(Delivery delivery) {
        return underWay.map(JobRun::attempt).orElseGet(() -> runs.nextAttempt(delivery.jobId()));
    }

    private Verdict take(Delivery delivery, StopSign lost, BooleanSupplier othersWait) {
        if (!delivery.isNamed()) {
            throw new MalformedRecordException(delivery.record(), "it has no key, which would name the job");
        }
        if (states.isOver(delivery.jobId())) {
            LOG.infof("Job %s has already ended", delivery.jobId());
            return Verdict.ACCEPT;
        }
        Job job = delivery.job();
        Steps steps = new Steps(job, runs.nextAttempt(job.jobId()));
        try {
            steps.goOn(states, lost);
            runs.awaitWord(delivery.record(), PATIENCE_FOR_WORD);
            if (delivery.isNearItsLimit() || !isDecodable(job, steps, delivery, lost, othersWait)) {
                runs.writeAnew(delivery.record());
                return Verdict.ACCEPT;
            }
            return begin(delivery, job, lost);
        } catch (CancellationException stopped) {
            return stopped(delivery, steps, lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Verdict.NONE;
        }
    }

    /** Waits until an encoder can decode the model's latents; false if the job shall make way for others. */
    private boolean isDecodable(Job job, Steps steps, Delivery delivery, StopSign lost, BooleanSupplier othersWait)
            throws InterruptedException {
        Optional<String> obstacle = encoders.obstacle(job.model());
        if (obstacle.isEmpty()) {
            return true;
        }
        LOG.warnf("Job %s waits: %s", job.jobId(), obstacle.get());
        metrics.job("waiting");
        outbox.soon(new Waiting(
                job.jobId(), attempt(delivery), Instant.now(), Stage.DENOISE, "ENCODER.NONE", obstacle.get(), false));
        long patient = System.nanoTime() + delivery.patience().toNanos();
        while (encoders.obstacle(job.model()).isPresent()) {
            if (System.nanoTime() > patient && othersWait.getAsBoolean()) {
                return false;
            }
            lost.await(LOOK);
            steps.goOn(states, lost);
        }
        return true;
    }

    private Verdict begin(Delivery delivery, Job job, StopSign lost) {
        Optional<JobRun> begun = runs.begin(delivery.record());
        if (begun.isEmpty()) {
            LOG.infof("This record of job %s does not count any more", job.jobId());
            return Verdict.ACCEPT;
        }
        underWay = begun;
        JobRun run = begun.get();
        MDC.put("attempt", run.attempt());
        if (run.attempt() > rules.attempts()) {
            return poisoned(
                    delivery, new Failure("WORKER.LOST", ErrorClass.RETRYABLE, "the worker was lost each time"));
        }
        Steps steps = new Steps(job, run.attempt());
        try {
            steps.goOn(states, lost);
            return generate(delivery, job, run, steps, lost);
        } catch (CancellationException stopped) {
            return stopped(delivery, steps, lost);
        }
    }

    private Verdict generate(Delivery delivery, Job job, JobRun run, Steps steps, StopSign lost) {
        boolean warm = models.isLoaded(job.model());
        Generator generator = models.generator(job.model());
        models.memory().require(generator.memoryFor(job), job);
        outbox.now(new Started(
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
            new LatentFrames(job, run, delivery.taken(), latents).sendBy(outbox, lost);
        }
        metrics.job("sampled");
        if (lost.awaitCertainty()) {
            return Verdict.NONE;
        }
        conclude(State.DONE);
        return Verdict.ACCEPT;
    }

    private Verdict stopped(Delivery delivery, Steps steps, StopSign lost) {
        if (lost.awaitCertainty()) {
            return Verdict.NONE;
        }
        outbox.end(new Cancelled(
                delivery.jobId(),
                attempt(delivery),
                Instant.now(),
                steps.done(),
                states.cancelRequest(delivery.jobId()).orElse("")));
        metrics.job("cancelled");
        conclude(State.DONE);
        return Verdict.ACCEPT;
    }

    private Verdict failed(Delivery delivery, Throwable error, StopSign lost) {
        if (lost.awaitCertainty()) {
            return Verdict.NONE;
        }
        int attempt = attempt(delivery);
        Failure failure = Failures.of(error);
        LOG.warnf("Attempt %d of job %s failed: %s", attempt, delivery.jobId(), failure.message());
        LOG.debug("The cause", error);
        if (error instanceof MalformedRecordException) {
            return putAside(delivery, failure);
        }
        if (failure.errorClass() == ErrorClass.PERMANENT) {
            outbox.end(new Failed(delivery.jobId(), attempt, Instant.now(), failure, false));
            metrics.job("failed");
            conclude(State.DONE);
            return Verdict.ACCEPT;
        }
        if (Failures.isOfBroker(error)) {
            conclude(State.HANDED_BACK);
        } else if (attempt >= rules.attempts()) {
            return poisoned(delivery, failure);
        } else {
            conclude(State.FAILED);
            outbox.soon(new Failed(delivery.jobId(), attempt, Instant.now(), failure, true));
        }
        metrics.job("retried");
        // What is released is redelivered at once.
        return lost.isRaisedWithin(rules.before(attempt + 1)) ? Verdict.NONE : Verdict.RELEASE;
    }

    private Verdict poisoned(Delivery delivery, Failure last) {
        Failure failure = new Failure(
                last.code(),
                ErrorClass.POISON,
                "given up after " + rules.attempts() + " attempts; the last: " + last.message());
        return putAside(delivery, failure);
    }

    private Verdict putAside(Delivery delivery, Failure failure) {
        outbox.deadLetter(delivery, attempt(delivery), failure);
        if (delivery.isOfJob()) {
            outbox.end(new Failed(delivery.jobId(), attempt(delivery), Instant.now(), failure, false));
        }
        metrics.job("put-aside");
        conclude(State.DONE);
        return Verdict.REJECT;
    }
}
