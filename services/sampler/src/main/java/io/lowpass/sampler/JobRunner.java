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
    private final RunUnderWay underWay;
    private final Outcomes outcomes;
    private final Persistence persistence;

    public JobRunner(
            LoadedModels models, Knowledge knowledge, Outbox outbox, SamplerMetrics metrics, RetryRules rules) {
        this.models = models;
        this.encoders = knowledge.encoders();
        this.states = knowledge.states();
        this.runs = knowledge.runs();
        this.outbox = outbox;
        this.metrics = metrics;
        this.rules = rules;
        this.underWay = new RunUnderWay(runs);
        this.outcomes = new Outcomes(states, underWay, outbox, metrics, rules);
        this.persistence = new Persistence(rules);
    }

    /**
     * Runs the job unless it has to wait or is over.
     *
     * @param othersWait whether there are jobs that could go ahead of one that has to wait
     */
    Verdict run(Delivery delivery, StopSign lost, BooleanSupplier othersWait) {
        MDC.put("jobId", delivery.jobId());
        try {
            Verdict verdict = Boundary.callAny(
                    () -> Boundary.callAny(
                            () -> take(delivery, lost, othersWait),
                            error -> outcomes.failed(delivery, Failures.cause(error), lost)),
                    error -> outcomes.unsaid(delivery, Failures.cause(error), lost));
            return verdict == Verdict.RELEASE && delivery.isNearItsLimit() ? keep(delivery, lost) : verdict;
        } finally {
            underWay.conclude(State.HANDED_BACK);
            MDC.clear();
        }
    }

    /** The delivered job's run, while it is under way. */
    Optional<JobRun> underWay(Delivery delivery) {
        return underWay.of(delivery.jobId());
    }

    /** Why a job is kept and not worked on; empty if none is. */
    Optional<String> problem() {
        return persistence.problem();
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
     * Notes that the delivered job's run, if it is under way, came to its end through no fault of the job.
     *
     * @throws KafkaException if the broker is away; another call is safe
     */
    void handBack(Delivery delivery) {
        underWay.handBack(delivery.jobId());
    }

    private Verdict take(Delivery delivery, StopSign lost, BooleanSupplier othersWait) {
        if (!delivery.isNamed()) {
            throw nameless(delivery);
        }
        if (states.isOver(delivery.jobId())) {
            return outcomes.over(delivery);
        }
        Job job = delivery.job();
        Steps steps = new Steps(job, runs.nextAttempt(job.jobId()));
        try {
            steps.goOn(states, lost);
            runs.awaitWord(delivery.record(), PATIENCE_FOR_WORD);
            if (!runs.counts(delivery.record())) {
                return outdated(delivery);
            }
            if (delivery.isNearItsLimit()) {
                return keep(delivery, lost);
            }
            if (!isDecodable(job, steps, delivery, lost, othersWait)) {
                return anew(delivery, lost).orElse(Verdict.NONE);
            }
            return begin(delivery, job, lost);
        } catch (CancellationException stopped) {
            return outcomes.stopped(delivery, steps, lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Verdict.NONE;
        }
    }

    private static MalformedRecordException nameless(Delivery delivery) {
        return new MalformedRecordException(delivery.record(), "it has no key, which would name the job");
    }

    private static Verdict outdated(Delivery delivery) {
        LOG.infof("This record of job %s does not count any more", delivery.jobId());
        return Verdict.ACCEPT;
    }

    /** Empty if another run began meanwhile, or the record is lost. */
    private Optional<Verdict> anew(Delivery delivery, StopSign lost) {
        boolean replaced = runs.writeAnew(delivery.record(), lost::awaitCertainty);
        return replaced ? Optional.of(Verdict.ACCEPT) : Optional.empty();
    }

    /** Gets rid of a record that must not go back: the broker drops it after a few more deliveries. */
    private Verdict keep(Delivery delivery, StopSign lost) {
        return persistence.repeat(
                delivery,
                lost,
                () -> delivery.isNamed()
                        ? anew(delivery, lost)
                        : Optional.of(outcomes.putAside(delivery, Failures.of(nameless(delivery)))));
    }

    /** Waits until an encoder can decode the model's latents; false if the job shall make way for others. */
    private boolean isDecodable(Job job, Steps steps, Delivery delivery, StopSign lost, BooleanSupplier othersWait)
            throws InterruptedException {
        Optional<String> obstacle = encoders.obstacle(job.model());
        if (obstacle.isEmpty()) {
            return true;
        }
        LOG.warnf("Job %s waits: %s", job.jobId(), obstacle.get());
        metrics.waits();
        outbox.soon(new Waiting(
                job.jobId(),
                underWay.attempt(delivery.jobId()),
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
            lost.await(LOOK);
            steps.goOn(states, lost);
        }
        return true;
    }

    private Verdict begin(Delivery delivery, Job job, StopSign lost) {
        Optional<JobRun> begun = runs.begin(delivery.record(), lost::awaitCertainty);
        if (begun.isEmpty()) {
            return runs.counts(delivery.record()) ? Verdict.NONE : outdated(delivery);
        }
        JobRun run = begun.get();
        underWay.begins(run);
        MDC.put("attempt", run.attempt());
        if (run.attempt() > rules.attempts()) {
            return outcomes.poisoned(
                    delivery, new Failure("WORKER.LOST", ErrorClass.RETRYABLE, "the worker was lost each time"));
        }
        Steps steps = new Steps(job, run.attempt());
        try {
            steps.goOn(states, lost);
            return generate(delivery, job, run, steps, lost);
        } catch (CancellationException stopped) {
            return outcomes.stopped(delivery, steps, lost);
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
        underWay.conclude(State.DONE);
        return Verdict.ACCEPT;
    }
}
