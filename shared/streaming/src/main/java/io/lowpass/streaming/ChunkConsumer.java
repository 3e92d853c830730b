package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Reading;
import io.lowpass.contracts.Reading.Unreadable;
import io.lowpass.contracts.Records;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Reads a topic of chunks in a consumer group and passes the streams to workers, which process them with a {@link
 * PipelineStage}.
 *
 * <p>A reactive-messaging channel does not fit: its commit strategies track single records. Here a record may be
 * committed only when its stream, and every stream that began earlier, is finished; and a stream may take many minutes,
 * while this thread keeps polling so that the group does not revoke the partition.
 *
 * <p>If this process dies, the next member of the group restarts at the oldest unfinished stream.
 */
public final class ChunkConsumer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ChunkConsumer.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long IDLE_MS = 5_000;
    private static final int MOST_RECORDS = 16;
    private static final long ALIVE_NANOS = Duration.ofSeconds(60).toNanos();

    private final StreamSettings settings;
    private final JobStates states;
    private final EventPublisher publisher;
    private final OffsetLedger ledger = new OffsetLedger();
    private final StreamTable table;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread poller;
    private final List<Thread> workers;
    private final AtomicLong deadLetters = new AtomicLong();
    private volatile boolean stopped;
    private volatile Optional<String> failure = Optional.empty();
    private volatile long lastPoll = System.nanoTime();

    /** Starts reading. The topic must exist. The caller closes the connections, after this consumer. */
    public ChunkConsumer(
            StreamSettings settings, String bootstrapServers, Connections connections, PipelineStage stage) {
        this.settings = settings;
        this.states = connections.states();
        this.publisher = connections.publisher();
        table = new StreamTable(settings, states, ledger);
        Map<String, Object> config = new HashMap<>(KafkaSettings.consumer(bootstrapServers, settings.group()));
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
        // A member that joins or leaves must not make the others restart their streams.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        consumer = new KafkaConsumer<>(config);
        workers = IntStream.range(0, settings.workers())
                .mapToObj(i -> Threads.watched(
                        settings.service() + "-worker-" + i,
                        new StreamWorker(settings.service(), table, connections, stage),
                        this::failed))
                .toList();
        poller = Threads.watched(settings.service() + "-poll", this::poll, this::failed);
        workers.forEach(Thread::start);
        poller.start();
    }

    /** Whether it is still reading. */
    public boolean isAlive() {
        return poller.isAlive()
                && workers.stream().allMatch(Thread::isAlive)
                && System.nanoTime() - lastPoll < ALIVE_NANOS;
    }

    /** Why reading or processing ended, unless by {@link #close}. */
    Optional<String> problem() {
        return failure;
    }

    private void failed(String why) {
        failure = Optional.of(why);
    }

    /** Number of unreadable records; they went to the dead-letter topic. */
    long unreadable() {
        return deadLetters.get();
    }

    /** Whether all workers have ended, so that resources used by sessions may be closed. */
    boolean isStopped() {
        return workers.stream().noneMatch(Thread::isAlive);
    }

    /** Number of open streams. */
    public int streams() {
        return table.size();
    }

    private void poll() {
        try (consumer) {
            consumer.subscribe(List.of(settings.topic()), new Rebalance());
            while (!stopped) {
                lastPoll = System.nanoTime();
                if (table.isFull()) {
                    consumer.pause(consumer.assignment());
                } else {
                    consumer.resume(consumer.paused());
                }
                consumer.poll(POLL).forEach(this::read);
                commit();
            }
        } catch (WakeupException e) {
            LOG.debugf("%s stopped reading", settings.service());
        } finally {
            stopped = true;
        }
    }

    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = ledger.advance();
        if (!offsets.isEmpty()) {
            consumer.commitAsync(offsets, (committed, error) -> {
                if (error != null) {
                    LOG.debugf("Commit failed, the next one includes it: %s", error.getMessage());
                }
            });
        }
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        Reading<Chunk> reading = Records.chunk(record);
        if (reading instanceof Unreadable<Chunk> unreadable) {
            LOG.errorf("Sent to the dead-letter topic: %s", unreadable.message());
            sendDeadLetter(
                    DeadLetters.record(unreadable, settings.service(), "STREAM.CORRUPT"), partition, record.offset());
            fail(record, unreadable.message());
        } else {
            accept(partition, record, reading.orElseThrow());
        }
        ledger.passed(partition, record.offset());
    }

    private void accept(TopicPartition partition, ConsumerRecord<String, byte[]> record, Chunk chunk) {
        if (chunk.kind() == settings.kind() || chunk.kind() == ChunkKind.ABORT) {
            table.accept(StreamTable.Place.of(record), chunk);
            return;
        }
        String why = "unexpected chunk of kind " + chunk.kind();
        LOG.errorf("Sent to the dead-letter topic: %s offset %d: %s", partition, record.offset(), why);
        sendDeadLetter(
                DeadLetters.record(record, settings.service(), 1, "STREAM.KIND", why), partition, record.offset());
    }

    private void sendDeadLetter(ProducerRecord<String, byte[]> letter, TopicPartition partition, long offset) {
        deadLetters.incrementAndGet();
        String name = "dead letter " + offset;
        // Not marked as passed before the dead letter is acknowledged: otherwise it is read again after a
        // restart.
        ledger.open(partition, name, offset);
        send(letter, () -> ledger.close(partition, name));
    }

    /** Retries until a broker accepts or permanently rejects the record; never on the producer's own thread. */
    private void send(ProducerRecord<String, byte[]> letter, Runnable sent) {
        var unused = publisher.send(letter).whenCompleteAsync((metadata, error) -> {
            if (error == null) {
                sent.run();
            } else if (error instanceof RetriableException && !stopped) {
                LOG.warnf("A dead letter waits for the broker: %s", error.getMessage());
                send(letter, sent);
            } else {
                LOG.errorf(error, "A dead letter was not sent");
            }
        });
    }

    private void fail(ConsumerRecord<String, byte[]> record, String why) {
        Optional<String> jobId = Records.key(record);
        String attempt = Events.header(record, "attempt").orElse("");
        if (jobId.isPresent() && attempt.matches("[1-9][0-9]{0,8}")) {
            String run = Events.header(record, Chunks.RUN_HEADER).orElse("");
            table.corrupt(StreamTable.Place.of(record), jobId.get(), Integer.parseInt(attempt), run, why);
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                uninterrupted(ChunkConsumer.this::awaitStates);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> offsets = ledger.advance();
            offsets.keySet().retainAll(partitions);
            try {
                consumer.commitSync(offsets);
            } catch (KafkaException e) {
                LOG.warnf("Commit failed, the next owner of the partition starts earlier: %s", e.getMessage());
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            table.close(partitions);
            uninterrupted(() -> table.awaitIdle(partitions, IDLE_MS));
        }
    }

    /** Waits for the states as long as necessary. The thread counts as alive meanwhile. */
    private void awaitStates() throws InterruptedException {
        CompletableFuture<Boolean> known = states.caughtUp();
        while (!stopped && !known.isDone()) {
            try {
                known.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                lastPoll = System.nanoTime();
            } catch (ExecutionException e) {
                throw new IllegalStateException("The states of jobs are no longer followed", e.getCause());
            }
        }
    }

    /** Something that waits. */
    @FunctionalInterface
    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void uninterrupted(Wait wait) {
        try {
            wait.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops reading and processing; another member, or a restart, begins unfinished streams again. */
    @Override
    public void close() {
        stopped = true;
        consumer.wakeup();
        Threads.join(poller);
        workers.forEach(Thread::interrupt);
        workers.forEach(Threads::join);
        if (isStopped()) {
            table.remaining().forEach(StreamWorker::closeSession);
        }
    }
}
