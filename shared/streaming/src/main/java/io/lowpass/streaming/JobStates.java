package io.lowpass.streaming;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.UnreadableRecords;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Which jobs are over and which shall stop, as the state and the control topic have it from their first record on: it
 * knows after a restart what it knew before. Safe for many threads.
 */
public final class JobStates implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(JobStates.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<String, byte[]> consumer;
    private final TopicEnds ends;
    private final Thread thread;
    private final RecentMap<JobEvent> over = new RecentMap<>();
    private final RecentMap<String> cancels = new RecentMap<>();
    private final Queue<CompletableFuture<Boolean>> waiting = new ConcurrentLinkedQueue<>();
    private final UnreadableRecords unreadable = new UnreadableRecords(LOG::warn);
    private volatile boolean stopped;
    private volatile boolean current;
    private volatile Optional<String> failure = Optional.empty();

    /** Follows the topics, which must exist. */
    public JobStates(String bootstrapServers, String service) {
        consumer = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
        ends = new TopicEnds(bootstrapServers);
        thread = Threads.watched(service + "-states", this::follow, error -> failure = Optional.of(error));
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the job has its terminal event. */
    public boolean isOver(String jobId) {
        return over.get(jobId).isPresent();
    }

    /** The job's terminal event, if it has one. */
    public Optional<JobEvent> end(String jobId) {
        return over.get(jobId);
    }

    /** Why the job shall stop, if somebody said so. */
    public Optional<String> cancelRequest(String jobId) {
        return cancels.get(jobId);
    }

    /** Whether everything that was written before this began has been read, and reading goes on. */
    public boolean isCurrent() {
        return current && thread.isAlive();
    }

    /** Why the states are not followed any more, if that is so and nobody closed this. */
    Optional<String> problem() {
        return failure;
    }

    /** Records of the two topics that nobody could read; they are passed over. */
    public long unreadable() {
        return unreadable.count();
    }

    /**
     * Waits until every state has been read that was committed before the call. Wishes to cancel are not waited for: who
     * holds the control topic up, with a transaction that stays open, must not hold up the ends of jobs.
     */
    public void catchUp() throws InterruptedException {
        CompletableFuture<Boolean> reached = new CompletableFuture<>();
        waiting.add(reached);
        if (stopped) {
            fail();
        }
        try {
            reached.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The jobs' states are not followed any more", e.getCause());
        }
    }

    /** Takes note of an event at once, without waiting to read it. */
    public void note(Event event) {
        if (event instanceof JobEvent.CancelRequested cancel) {
            cancels.put(cancel.jobId(), cancel.reason());
        } else if (event instanceof JobEvent state && isEnd(state)) {
            over.put(event.subject(), state);
        }
    }

    /** A rejection is none: another request may have been refused for bearing the id of a job that runs. */
    private static boolean isEnd(JobEvent event) {
        return event.isTerminal() && !(event instanceof JobEvent.Rejected);
    }

    private void follow() {
        try (ends;
                consumer) {
            while (!stopped) {
                look();
            }
        } catch (WakeupException e) {
            LOG.debug("Stopped following the jobs' states");
        } finally {
            stopped = true;
            fail();
        }
    }

    private void begin() {
        List<TopicPartition> partitions = Stream.of(Topics.STATE, Topics.CONTROL)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private void look() {
        try {
            if (consumer.assignment().isEmpty()) {
                begin();
            }
            List<CompletableFuture<Boolean>> asked = List.copyOf(waiting);
            if (!current || !asked.isEmpty()) {
                readUntil(goals());
                current = true;
                asked.forEach(f -> f.complete(true));
                waiting.removeIf(CompletableFuture::isDone);
            }
            consumer.poll(POLL).forEach(this::read);
        } catch (RetriableException e) {
            LOG.warnf("The broker does not say how far the jobs' states go: %s", e.getMessage());
        }
    }

    /**
     * The ends of the states: of the log, since behind an open transaction there may be a committed end. At first the
     * wishes to cancel as well, as far as they can be read now.
     */
    private Map<TopicPartition, Long> goals() {
        Map<TopicPartition, Long> goals = new HashMap<>(ends.of(partitions(Topics.STATE)));
        if (!current) {
            goals.putAll(consumer.endOffsets(partitions(Topics.CONTROL)));
        }
        return goals;
    }

    private List<TopicPartition> partitions(String topic) {
        return consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList();
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
        unreadable.read(Records.event(record)).ifPresent(this::note);
    }

    @Override
    public void close() {
        stopped = true;
        consumer.wakeup();
        Threads.join(thread);
    }
}
