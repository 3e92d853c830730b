package io.lowpass.sampler;

import io.lowpass.contracts.Topics;
import io.lowpass.streaming.CancellationToken;
import io.lowpass.streaming.WorkerStatePublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * Takes jobs from the share group, one at a time, and keeps the one it works on for as long as that takes.
 *
 * <p>One thread owns the consumer, another runs the job. The lock of the record is renewed at a third of its duration.
 * A broker that was away has forgotten the lock: when it is back and gives the record to this worker once more, the run
 * goes on; if it does not, the run is told to publish nothing more, and is noted to be handed back. Closing the worker
 * gives the record back at once.
 *
 * <p>A share group has no dead-letter topic in the brokers that this runs on, and it redelivers at once what is
 * released; both the dead letters and the waiting between attempts are therefore the run's business.
 */
public final class SamplerWorker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SamplerWorker.class);
    private static final Duration IDLE_POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(2);
    /** So long a broker may be restarted, and a worker be given nothing although jobs wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration HANDING_BACK = Duration.ofSeconds(5);

    private final String name;
    private final String bootstrap;
    private final JobRunner runner;
    private final WorkerStatePublisher workerState;
    private final GroupMembership membership;
    private final CancellationToken stop = new CancellationToken();
    private final CompletableFuture<Acknowledgement> stopped = new CompletableFuture<>();
    private final ExecutorService jobs;
    private final Thread thread;
    private volatile Optional<KafkaShareConsumer<String, byte[]>> consumer = Optional.empty();
    private volatile long lastSeen = System.nanoTime();
    private Optional<ConsumerRecord<String, byte[]>> next = Optional.empty();

    /**
     * Makes a worker that {@link #start} sets to work.
     *
     * @param name of the worker in events and logs
     * @param bootstrap addresses of the Kafka brokers
     * @param notices told what the worker does
     */
    public SamplerWorker(String name, String bootstrap, JobRunner runner, WorkerStatePublisher workerState) {
        this.name = name;
        this.bootstrap = bootstrap;
        this.runner = runner;
        this.workerState = workerState;
        this.membership = new GroupMembership(name, bootstrap, PATIENCE);
        this.jobs = Executors.newSingleThreadExecutor(work -> daemon(work, name + "-job"));
        this.thread = daemon(this::consume, name);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Starts to take jobs. */
    public void start() {
        thread.start();
    }

    /** Whether {@link #start} has been called. */
    boolean isStarted() {
        return thread.getState() != Thread.State.NEW;
    }

    /** Whether the worker is alive and in contact with its own loop. */
    public boolean isAlive() {
        return thread.isAlive()
                && Duration.ofNanos(System.nanoTime() - lastSeen).compareTo(Duration.ofMinutes(3)) < 0;
    }

    /** Why the worker does no jobs although its loop turns; empty if it does. */
    Optional<String> problem() {
        return membership.problem().or(runner::problem);
    }

    /** Gives back the record of a running job and stops; the run ends at its next step and publishes nothing more. */
    @Override
    public void close() {
        stop.cancel();
        stopped.complete(Acknowledgement.NONE);
        consumer.ifPresent(KafkaShareConsumer::wakeup);
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
            jobs.shutdown();
            if (!jobs.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warnf("%s: the step in progress did not end in time", name);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            membership.close();
        }
    }

    private void consume() {
        while (!stop.isCancelled()) {
            // Where no broker can be found no consumer opens, and the loop turns all the same.
            lastSeen = System.nanoTime();
            // A stage catches whatever a record brings about: it must not end the worker, and then the next one.
            CompletableFuture<?> unused = CompletableFuture.runAsync(this::takeJobs, Runnable::run)
                    .whenComplete((done, error) -> {
                        if (error != null) {
                            disconnected(Failures.cause(error));
                        }
                    });
        }
    }

    /** Takes jobs until that fails or ends; whatever is held then goes back as the consumer closes. */
    private void takeJobs() {
        try (KafkaShareConsumer<String, byte[]> open = open()) {
            consumer = Optional.of(open);
            open.subscribe(List.of(Topics.JOBS));
            workerState.idle();
            membership.waits(true);
            next = Optional.empty();
            while (!stop.isCancelled()) {
                lastSeen = System.nanoTime();
                Optional<ConsumerRecord<String, byte[]>> record =
                        next.or(() -> AcquisitionLock.first(open.poll(IDLE_POLL)));
                next = Optional.empty();
                record.ifPresent(taken -> new HeldJob(open, taken).work());
                if (membership.isStarved()) {
                    LOG.warnf("%s is given no jobs although some wait; connecting again", name);
                    return;
                }
            }
        }
    }

    private void disconnected(Throwable error) {
        if (stop.isCancelled() && error instanceof WakeupException) {
            LOG.debugf("%s stops", name);
            return;
        }
        if (error instanceof KafkaException) {
            LOG.warnf("%s: %s; connecting again", name, error.getMessage());
        } else {
            LOG.errorf(error, "%s: unexpected; what it held goes back, connecting again", name);
        }
        pause();
    }

    private void pause() {
        try {
            stop.isCancelledWithin(PAUSE_AFTER_ERROR);
        } catch (InterruptedException interrupted) {
            stop.cancel();
            Thread.currentThread().interrupt();
        }
    }

    private KafkaShareConsumer<String, byte[]> open() {
        return new KafkaShareConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        Topics.SAMPLERS,
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        name,
                        ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                        "explicit",
                        // The default hands a whole producer batch to one consumer, whatever max.poll.records says.
                        ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                        "record_limit",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** One job, from the delivery of its record to its acknowledgement. Lives on the consumer's thread. */
    private final class HeldJob {

        private final AcquisitionLock lock;
        private final Delivery delivery;

        HeldJob(KafkaShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
            this.lock = new AcquisitionLock(name, consumer, record, stop);
            this.delivery = new Delivery(record, name, Instant.now());
        }

        void work() {
            // Proves that the lock is ours before anything is published: a record may have waited in a buffer.
            if (!lock.renew()) {
                LOG.infof("%s was too late for job %s", name, delivery.jobId());
                return;
            }
            workerState.busy(delivery.jobId());
            membership.waits(false);
            CompletableFuture<Acknowledgement> run = CompletableFuture.supplyAsync(
                    () -> runner.run(delivery, lock.lease(), membership::othersWait), jobs);
            try {
                await(run).ifPresent(acknowledgement -> lock.end(acknowledgement.acknowledgement()));
            } finally {
                lock.lease().lose();
                next = lock.other();
                handBack();
                workerState.idle();
                membership.waits(true);
            }
        }

        /** What becomes of the record; empty if it is not ours any more. */
        private Optional<Acknowledgement> await(CompletableFuture<Acknowledgement> run) {
            while (true) {
                CompletableFuture<Object> either = CompletableFuture.anyOf(run, stopped)
                        .completeOnTimeout(this, lock.lockMillis() / 3, TimeUnit.MILLISECONDS);
                Object first = either.join();
                if (first instanceof Acknowledgement) {
                    return run.isDone() ? Optional.of(run.join()) : Optional.empty();
                }
                lastSeen = System.nanoTime();
                if (!lock.renew() && !lock.regain(this::isWanted, runner.brokerIsBack())) {
                    LOG.warnf("%s lost its hold on job %s", name, delivery.jobId());
                    return Optional.empty();
                }
            }
        }

        /** Whether it is worth waiting for the broker to give the record out once more. */
        private boolean isWanted() {
            lastSeen = System.nanoTime();
            return runner.currentRun(delivery).filter(runner::isNewest).isPresent();
        }

        /** Says that the run, if it did not come to its end, did so through no fault of the job. */
        private void handBack() {
            if (runner.currentRun(delivery).isEmpty()) {
                return;
            }
            CompletableFuture<?> noted = CompletableFuture.runAsync(
                            () -> runner.handBack(delivery),
                            work -> daemon(work, name + "-hand-back").start())
                    .orTimeout(HANDING_BACK.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(error -> {
                        LOG.warnf(
                                "That %s hands job %s back was not noted, it counts as an attempt: %s",
                                name, delivery.jobId(), Failures.cause(error));
                        return null;
                    });
            noted.join();
        }
    }
}
