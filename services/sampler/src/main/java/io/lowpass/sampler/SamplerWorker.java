package io.lowpass.sampler;

import io.lowpass.contracts.Boundary;
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
 * Takes jobs from the share group, one at a time, and holds each as long as necessary.
 *
 * <p>One thread owns the consumer, another runs the job. The record's lock is renewed at a third of its duration. A
 * broker that restarts forgets the lock: if it redelivers the record to this worker, the run continues; otherwise the
 * run stops publishing and is recorded as handed back. Closing the worker releases the record at once.
 *
 * <p>Share groups have no dead-letter topic in the supported brokers, and released records are redelivered at once; the
 * run itself therefore handles dead letters and delays between attempts.
 */
public final class SamplerWorker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SamplerWorker.class);
    private static final Duration IDLE_POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(2);
    /** How long a broker may take to restart, and a worker may receive nothing although jobs wait. */
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
     * Creates a worker; {@link #start} starts it.
     *
     * @param name name of the worker in events and logs
     * @param bootstrap addresses of the Kafka brokers
     * @param workerState publishes what the worker does
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

    /** Starts taking jobs. */
    public void start() {
        thread.start();
    }

    /** Whether {@link #start} has been called. */
    boolean isStarted() {
        return thread.getState() != Thread.State.NEW;
    }

    /** Whether the worker's thread is alive and its loop is running. */
    public boolean isAlive() {
        return thread.isAlive()
                && Duration.ofNanos(System.nanoTime() - lastSeen).compareTo(Duration.ofMinutes(3)) < 0;
    }

    /** Why the worker takes no jobs although its loop is running; empty if it does. */
    Optional<String> problem() {
        return membership.problem().or(runner::problem);
    }

    /** Releases the record of a running job and stops; the run ends at its next step and publishes nothing more. */
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
            // If no broker is reachable, no consumer opens, but the loop still runs.
            lastSeen = System.nanoTime();
            // Whatever a record brings about must not end the worker, and then the next one.
            Boundary.run(this::takeJobs, error -> disconnected(Failures.cause(error)));
        }
    }

    /** Takes jobs until that fails or ends; closing the consumer releases what is held. */
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
                    LOG.warnf("%s receives no jobs although some wait; reconnecting", name);
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
            LOG.warnf("%s: %s; reconnecting", name, error.getMessage());
        } else {
            LOG.errorf(error, "%s: unexpected error; its job is released, reconnecting", name);
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
                        // The default delivers a whole producer batch to one consumer, whatever max.poll.records is.
                        ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                        "record_limit",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** One job, from the delivery of its record to the acknowledgement. Confined to the consumer's thread. */
    private final class HeldJob {

        private final AcquisitionLock lock;
        private final Delivery delivery;

        HeldJob(KafkaShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
            this.lock = new AcquisitionLock(name, consumer, record, stop);
            this.delivery = new Delivery(record, name, Instant.now());
        }

        void work() {
            // Renewing proves that the lock is held before anything is published: the record may have
            // waited in a buffer.
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

        /** The acknowledgement of the record; empty if it is lost. */
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
                    LOG.warnf("%s lost its lock on job %s", name, delivery.jobId());
                    return Optional.empty();
                }
            }
        }

        /** Whether waiting for redelivery makes sense. */
        private boolean isWanted() {
            lastSeen = System.nanoTime();
            return runner.currentRun(delivery).filter(runner::isNewest).isPresent();
        }

        /** Records that an unfinished run ended through no fault of the job. */
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
                                "%s handed job %s back, which could not be recorded; it counts as an attempt: %s",
                                name, delivery.jobId(), Failures.cause(error));
                        return null;
                    });
            noted.join();
        }
    }
}
