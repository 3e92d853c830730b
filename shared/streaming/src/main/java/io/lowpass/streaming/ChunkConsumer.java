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
 * Reads a topic of chunks in a consumer group and lets workers take the streams through a {@link PipelineStage}.
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
    private final AtomicLong buried = new AtomicLong();
    private volatile boolean stopped;
    private volatile Optional<String> failure = Optional.empty();
    private volatile long lastPoll = System.nanoTime();

    /** Starts reading. The topic must exist; the connections stay the caller's to close, after this. */
    public ChunkConsumer(
            StreamSettings settings, String bootstrapServers, Connections connections, PipelineStage stage) {
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
                .mapToObj(i -> Threads.watched(
                        settings.service() + "-worker-" + i,
                        new StreamWorker(settings.service(), table, connections, stage),
                        this::failed))
                .toList();
        poller = Threads.watched(settings.service() + "-poll", this::poll, this::failed);
        workers.forEach(Thread::start);
        poller.start();
    }

    /** Whether reading goes on. */
    public boolean isAlive() {
        return poller.isAlive()
                && workers.stream().allMatch(Thread::isAlive)
                && System.nanoTime() - lastPoll < ALIVE_NANOS;
    }

    /** Why reading or working ended, if that was not because this was closed. */
    Optional<String> problem() {
        return failure;
    }

    private void failed(String why) {
        failure = Optional.of(why);
    }

    /** Records that nobody could read; they are among the dead letters. */
    long unreadable() {
        return buried.get();
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
        Reading<Chunk> reading = Records.chunk(record);
        if (reading instanceof Unreadable<Chunk> unreadable) {
            LOG.errorf("To the dead letters: %s", unreadable.message());
            bury(DeadLetters.record(unreadable, settings.service(), "STREAM.CORRUPT"), partition, record.offset());
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
        String why = "a chunk of kind " + chunk.kind() + " has no place here";
        LOG.errorf("To the dead letters: %s offset %d: %s", partition, record.offset(), why);
        bury(DeadLetters.record(record, settings.service(), 1, "STREAM.KIND", why), partition, record.offset());
    }

    private void bury(ProducerRecord<String, byte[]> letter, TopicPartition partition, long offset) {
        buried.incrementAndGet();
        String name = "dead letter " + offset;
        // Not passed before it is safe elsewhere: unsent, it is read again after a restart.
        ledger.open(partition, name, offset);
        send(letter, () -> ledger.close(partition, name));
    }

    /** Sends until a broker takes it, or refuses it for good; never on the thread by which the producer sends. */
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

    /** Waits for the states as long as it takes, if somebody holds them up: the thread is alive for all that. */
    private void awaitStates() throws InterruptedException {
        CompletableFuture<Boolean> known = states.caughtUp();
        while (!stopped && !known.isDone()) {
            try {
                known.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                lastPoll = System.nanoTime();
            } catch (ExecutionException e) {
                throw new IllegalStateException("The states of jobs are not followed any more", e.getCause());
            }
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
