package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.MalformedRecordException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Reads a topic of chunks in a consumer group and lets workers take the streams through a {@link Stage}.
 *
 * <p>A reactive-messaging channel does not fit: its commit strategies count single records, while here a record may be
 * committed only when the stream that it is part of, and every stream that began before, is finished; and a stream may
 * take many minutes, during which this thread goes on polling so that the group does not take the partition away.
 *
 * <p>What is lost with this process is begun anew by the next member of the group, from the oldest unfinished stream.
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
    private volatile boolean stopped;
    private volatile long lastPoll = System.nanoTime();

    /** Starts reading. The topic must exist; the connections stay the caller's to close, after this. */
    public ChunkConsumer(StreamSettings settings, String bootstrapServers, Connections connections, Stage stage) {
        this.settings = settings;
        this.states = connections.states();
        this.publisher = connections.publisher();
        table = new StreamTable(settings, states, ledger);
        Map<String, Object> config = new HashMap<>(KafkaSettings.consumer(bootstrapServers, settings.group()));
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS);
        // Who joins or leaves the group must not make the others begin anew.
        config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        consumer = new KafkaConsumer<>(config);
        workers = IntStream.range(0, settings.workers())
                .mapToObj(i -> new Thread(
                        new StreamWorker(settings.service(), table, connections, stage),
                        settings.service() + "-worker-" + i))
                .toList();
        poller = new Thread(this::poll, settings.service() + "-poll");
        workers.forEach(Thread::start);
        poller.start();
    }

    /** Whether reading goes on. */
    public boolean isAlive() {
        return poller.isAlive()
                && workers.stream().allMatch(Thread::isAlive)
                && System.nanoTime() - lastPoll < ALIVE_NANOS;
    }

    /** Whether no worker is at work any more, so that what sessions use may be closed. */
    boolean isStopped() {
        return workers.stream().noneMatch(Thread::isAlive);
    }

    /** Streams under way. */
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
                    LOG.debugf("Not committed, the next commit goes further: %s", error.getMessage());
                }
            });
        }
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        try {
            Chunk chunk = Chunks.read(record);
            if (chunk.kind() != settings.kind() && chunk.kind() != Chunk.Kind.ABORT) {
                bury(record, "STREAM.KIND", "a chunk of kind " + chunk.kind() + " has no place here");
            } else {
                table.accept(partition, record.offset(), chunk);
            }
        } catch (MalformedRecordException e) {
            bury(record, "STREAM.CORRUPT", String.valueOf(e.getMessage()));
            fail(partition, record, String.valueOf(e.getMessage()));
        }
        ledger.passed(partition, record.offset());
    }

    private void bury(ConsumerRecord<String, byte[]> record, String code, String why) {
        LOG.errorf("To the dead letters: %s", why);
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        String letter = "dead letter " + record.offset();
        // Not passed before it is safe elsewhere: unsent, it is read again after a restart.
        ledger.open(partition, letter, record.offset());
        publisher
                .send(DeadLetters.record(record, settings.service(), 1, code, why))
                .thenAccept(sent -> ledger.close(partition, letter))
                .exceptionally(e -> {
                    LOG.errorf(e, "A dead letter was not sent");
                    return null;
                });
    }

    private void fail(TopicPartition partition, ConsumerRecord<String, byte[]> record, String why) {
        String attempt = Events.header(record, "attempt").orElse("");
        if (record.key() != null && attempt.matches("[1-9][0-9]{0,8}")) {
            table.corrupt(partition, record.offset(), record.key(), Integer.parseInt(attempt), why);
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                uninterrupted(states::catchUp);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> offsets = ledger.advance();
            offsets.keySet().retainAll(partitions);
            try {
                consumer.commitSync(offsets);
            } catch (KafkaException e) {
                LOG.warnf("Not committed, the next owner begins earlier: %s", e.getMessage());
            }
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            table.close(partitions);
            uninterrupted(() -> table.awaitIdle(partitions, IDLE_MS));
        }
    }

    private static void uninterrupted(Threads.Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops reading and working; what is unfinished is begun anew by another member, or after a restart. */
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
