package io.lowpass.sampler;

import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
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
 * <p>One thread owns the consumer, another runs the job. The lock of the record is renewed at a third of its duration;
 * if that fails, the record belongs to another worker, and the run is told to publish nothing more. Closing the worker
 * gives the record back at once.
 *
 * <p>A share group has no dead-letter topic in the brokers that this runs on, and it redelivers at once what is
 * released; both the dead letters and the waiting between attempts are therefore the run's business.
 */
public final class SamplerWorker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SamplerWorker.class);
    private static final Duration IDLE_POLL = Duration.ofSeconds(1);
    private static final Duration BUSY_POLL = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(2);
    private static final int DEFAULT_LOCK_MILLIS = 30_000;

    private final String name;
    private final String bootstrap;
    private final JobRunner runner;
    private final WorkerNotices notices;
    private final StopSign stop = new StopSign();
    private final CompletableFuture<Verdict> stopped = new CompletableFuture<>();
    private final ExecutorService jobs;
    private final Thread thread;
    private volatile Optional<KafkaShareConsumer<String, byte[]>> consumer = Optional.empty();
    private volatile long lastSeen = System.nanoTime();

    /**
     * Makes a worker that {@link #start} sets to work.
     *
     * @param name of the worker in events and logs
     * @param bootstrap addresses of the Kafka brokers
     * @param notices told what the worker does
     */
    public SamplerWorker(String name, String bootstrap, JobRunner runner, WorkerNotices notices) {
        this.name = name;
        this.bootstrap = bootstrap;
        this.runner = runner;
        this.notices = notices;
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

    /** Gives back the record of a running job and stops; the run ends at its next step and publishes nothing more. */
    @Override
    public void close() {
        stop.raise();
        stopped.complete(Verdict.NONE);
        consumer.ifPresent(KafkaShareConsumer::wakeup);
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
            jobs.shutdown();
            if (!jobs.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warnf("%s: the step in progress did not end in time", name);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void consume() {
        while (!stop.isRaised()) {
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
            notices.idle();
            while (!stop.isRaised()) {
                lastSeen = System.nanoTime();
                for (ConsumerRecord<String, byte[]> record : open.poll(IDLE_POLL)) {
                    new Holding(open, record).work();
                }
            }
        }
    }

    private void disconnected(Throwable error) {
        if (stop.isRaised() && error instanceof WakeupException) {
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
            stop.await(PAUSE_AFTER_ERROR);
        } catch (InterruptedException interrupted) {
            stop.raise();
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

    /** One record, from its delivery to its acknowledgement. Lives on the consumer's thread. */
    private final class Holding {

        private final KafkaShareConsumer<String, byte[]> consumer;
        private final ConsumerRecord<String, byte[]> record;
        private final Delivery delivery;
        private final StopSign lost = new StopSign();

        Holding(KafkaShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
            this.consumer = consumer;
            this.record = record;
            this.delivery = new Delivery(record, name, Instant.now());
        }

        void work() {
            // Proves that the lock is ours before anything is published: a record may have waited in a buffer.
            if (!renew()) {
                LOG.infof("%s was too late for job %s", name, delivery.jobId());
                return;
            }
            notices.busy(delivery.jobId());
            CompletableFuture<Verdict> run = CompletableFuture.supplyAsync(() -> runner.run(delivery, lost), jobs)
                    .exceptionally(this::unsaid);
            try {
                await(run).ifPresent(this::acknowledge);
            } finally {
                lost.raise();
                notices.idle();
            }
        }

        /** The run's end could not be told, for the broker was away: another attempt will tell. */
        private Verdict unsaid(Throwable error) {
            LOG.warnf(
                    "%s: job %s goes back: %s",
                    name, delivery.jobId(), Failures.cause(error).getMessage());
            return Verdict.RELEASE;
        }

        /** What becomes of the record; empty if it is not ours any more. */
        private Optional<Verdict> await(CompletableFuture<Verdict> run) {
            while (true) {
                CompletableFuture<Object> either = CompletableFuture.anyOf(run, stopped)
                        .completeOnTimeout(this, lockMillis() / 3, TimeUnit.MILLISECONDS);
                Object first = either.join();
                if (first instanceof Verdict) {
                    return run.isDone() ? Optional.of(run.join()) : Optional.empty();
                }
                lastSeen = System.nanoTime();
                if (!renew()) {
                    LOG.warnf("%s lost job %s to another worker", name, delivery.jobId());
                    return Optional.empty();
                }
            }
        }

        private int lockMillis() {
            return consumer.acquisitionLockTimeoutMs().orElse(DEFAULT_LOCK_MILLIS);
        }

        /** Renews the lock and takes the record back from the consumer; false if it is no longer ours. */
        private boolean renew() {
            long deadline = System.nanoTime() + Duration.ofMillis(lockMillis()).toNanos();
            consumer.acknowledge(record, AcknowledgeType.RENEW);
            if (!committed()) {
                return false;
            }
            // A process that hung for longer than its lock must not say another word when it wakes up.
            lost.raiseAt(deadline);
            while (System.nanoTime() < deadline && !stop.isRaised()) {
                for (ConsumerRecord<String, byte[]> polled : consumer.poll(BUSY_POLL)) {
                    if (isThis(polled)) {
                        return true;
                    }
                    consumer.acknowledge(polled, AcknowledgeType.RELEASE);
                }
            }
            return stop.isRaised();
        }

        private boolean isThis(ConsumerRecord<String, byte[]> polled) {
            return polled.partition() == record.partition()
                    && polled.offset() == record.offset()
                    && polled.deliveryCount().equals(record.deliveryCount());
        }

        private void acknowledge(Verdict verdict) {
            consumer.acknowledge(record, verdict.acknowledgement());
            if (!committed()) {
                LOG.warnf("%s finished job %s, but the job was given to another worker", name, delivery.jobId());
            }
        }

        private boolean committed() {
            Map<?, Optional<KafkaException>> results = consumer.commitSync();
            Optional<KafkaException> error =
                    results.values().stream().flatMap(Optional::stream).findFirst();
            error.ifPresent(e -> LOG.infof("%s: acknowledging job %s: %s", name, delivery.jobId(), e.getMessage()));
            return error.isEmpty();
        }
    }
}
