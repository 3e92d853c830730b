package io.lowpass.streaming;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.WorkerKind;
import io.lowpass.contracts.WorkerState;
import io.lowpass.contracts.WorkerState.Activity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Publishes what a worker does and which models it has: at every change, and periodically while the worker is alive.
 */
public final class WorkerStatePublisher implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(WorkerStatePublisher.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final String worker;
    private final EventPublisher publisher;
    private final WorkerKind kind;
    private final Supplier<List<WorkerState.Model>> models;
    private final ScheduledExecutorService clock;
    private volatile BooleanSupplier alive = () -> true;
    private Activity activity = Activity.STARTING;
    private Optional<String> job = Optional.empty();
    private Instant last = Instant.EPOCH;

    /**
     * Starts publishing.
     *
     * @param worker name of the worker
     * @param kind kind of the worker
     * @param publisher publisher, which the caller closes
     * @param models states of its models
     * @param interval the longest time between two events
     */
    public WorkerStatePublisher(
            String worker,
            WorkerKind kind,
            EventPublisher publisher,
            Supplier<List<WorkerState.Model>> models,
            Duration interval) {
        this.worker = worker;
        this.kind = kind;
        this.publisher = publisher;
        this.models = models;
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, worker + "-notices");
            thread.setDaemon(true);
            return thread;
        });
        var unused = clock.scheduleWithFixedDelay(this::tick, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** From now on, publishes periodically only while the condition holds. */
    public void publishOnlyWhile(BooleanSupplier workerIsAlive) {
        alive = workerIsAlive;
    }

    /** The clock drops a task that throws. */
    private void tick() {
        Boundary.run(this::publishWhileAlive, error -> LOG.warnf(error, "State of %s is not known", worker));
    }

    /** Publishes the state again, since its models have changed, unless the worker is dead. */
    public void publishWhileAlive() {
        if (alive.getAsBoolean()) {
            publish();
        }
    }

    /** The worker is waiting for a job. */
    public void idle() {
        now(Activity.IDLE, Optional.empty());
    }

    /** The worker runs a job. */
    public void busy(String jobId) {
        now(Activity.BUSY, Optional.of(jobId));
    }

    private synchronized void now(Activity what, Optional<String> jobId) {
        activity = what;
        job = jobId;
        publish();
    }

    /**
     * The sequence number of an event is its time, so two events never have the same time. Sent by another thread,
     * since a broker may be slow.
     */
    private synchronized void publish() {
        if (clock.isShutdown()) {
            return;
        }
        Instant now = Instant.now();
        last = now.toEpochMilli() > last.toEpochMilli() ? now : last.plusMillis(1);
        WorkerState state = new WorkerState(worker, last, activity, job, models.get(), Optional.of(kind));
        clock.execute(() -> send(state));
    }

    private void send(WorkerState state) {
        CompletableFuture<?> unused = publisher.send(state).whenComplete((sent, error) -> {
            if (error != null) {
                LOG.warnf("State of %s was not sent: %s", worker, error.getMessage());
            }
        });
    }

    /** Publishes that the worker takes no more jobs, as its last event. */
    @Override
    public void close() {
        synchronized (this) {
            now(Activity.STOPPED, Optional.empty());
            clock.shutdown();
        }
        try {
            if (!clock.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warnf("The stop of %s could not be published in time", worker);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
