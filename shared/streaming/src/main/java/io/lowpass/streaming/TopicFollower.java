package io.lowpass.streaming;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.UnreadableRecords;
import io.lowpass.contracts.WholeTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Reads all events of some topics from the first record, on its own thread. Safe for many threads. */
public final class TopicFollower implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final List<String> names;
    private final List<String> awaited;
    private final WholeTopics topics;
    private final Consumer<Event> reader;
    private final KafkaConsumer<String, byte[]> consumer;
    private final TopicEnds ends;
    private final Thread thread;
    private final Queue<CompletableFuture<Boolean>> waiting = new ConcurrentLinkedQueue<>();
    private final UnreadableRecords unreadable = new UnreadableRecords(LOG::warn);
    private volatile boolean stopped;
    private volatile boolean current;
    private volatile Optional<String> failure = Optional.empty();

    /**
     * Starts following. Waits for missing topics, and picks up added partitions.
     *
     * @param thread name of the thread
     * @param awaited topics that {@link #catchUp} waits for
     * @param besides further topics, which never block: at start they are read as far as possible
     * @param reader receives every event, on that thread
     */
    public TopicFollower(
            String bootstrapServers,
            String thread,
            List<String> awaited,
            List<String> besides,
            Consumer<Event> reader) {
        this(bootstrapServers, thread, awaited, besides, reader, IsolationLevel.READ_COMMITTED);
    }

    /**
     * As the other.
     *
     * @param isolation read uncommitted if no writer uses transactions: then a stray open transaction hides nothing
     */
    public TopicFollower(
            String bootstrapServers,
            String thread,
            List<String> awaited,
            List<String> besides,
            Consumer<Event> reader,
            IsolationLevel isolation) {
        this.awaited = List.copyOf(awaited);
        this.names = Stream.concat(awaited.stream(), besides.stream()).toList();
        this.reader = reader;
        Map<String, Object> settings = new HashMap<>(KafkaSettings.consumer(bootstrapServers));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        consumer = new KafkaConsumer<>(settings);
        ends = new TopicEnds(bootstrapServers);
        this.topics = new WholeTopics(consumer, ends, names.toArray(String[]::new));
        this.thread = Threads.watched(thread, this::follow, error -> failure = Optional.of(error));
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /** Whether it has caught up with what existed when it started, and still reads. */
    public boolean isCurrent() {
        return current && thread.isAlive();
    }

    /** Why the topics are no longer followed, unless by {@link #close}. */
    public Optional<String> problem() {
        return failure;
    }

    /** Number of unreadable records, which are skipped. */
    public long unreadable() {
        return unreadable.count();
    }

    /**
     * Waits until everything committed to the awaited topics before the call has been read.
     *
     * @throws IllegalStateException if the topics are no longer followed
     */
    public void catchUp() throws InterruptedException {
        try {
            caughtUp().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(names + " are no longer followed", e.getCause());
        }
    }

    /** Completes when {@link #catchUp} would return. */
    CompletableFuture<Boolean> caughtUp() {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        waiting.add(reached);
        if (stopped) {
            fail();
        }
        return reached;
    }

    private void follow() {
        try (ends;
                consumer) {
            while (!stopped) {
                look();
            }
        } catch (WakeupException e) {
            LOG.debugf("Stopped following %s", names);
        } finally {
            stopped = true;
            fail();
        }
    }

    private void look() {
        try {
            topics.assignNowAndThen();
            List<CompletableFuture<Boolean>> asked = List.copyOf(waiting);
            if (!current || !asked.isEmpty()) {
                topics.assign();
                // Initially read the other topics, too, as far as possible now.
                readUntil(topics.ends(awaited, !current));
                current = true;
                asked.forEach(f -> f.complete(true));
                waiting.removeIf(CompletableFuture::isDone);
            }
            consumer.poll(POLL).forEach(this::read);
        } catch (RetriableException e) {
            LOG.warnf("The end offsets of %s are not available: %s", names, e.getMessage());
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void readUntil(Map<TopicPartition, Long> goals) {
        Set<TopicPartition> open = new HashSet<>(goals.keySet());
        while (!stopped && !open.isEmpty()) {
            open.removeIf(partition -> consumer.position(partition) >= goals.getOrDefault(partition, 0L));
            if (!open.isEmpty()) {
                consumer.poll(POLL).forEach(this::read);
            }
        }
    }

    private void fail() {
        current = false;
        waiting.forEach(f -> f.completeExceptionally(new IllegalStateException("stopped")));
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        unreadable.read(Records.event(record)).ifPresent(reader);
    }

    @Override
    public void close() {
        stopped = true;
        consumer.wakeup();
        Threads.join(thread);
    }
}
