package io.lowpass.streaming;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
    private final RecentMap<Boolean> written = new RecentMap<>();
    private final Map<String, Output> open = new ConcurrentHashMap<>();
    private final Queue<CompletableFuture<Boolean>> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;
    private volatile boolean current;

    /** Follows the topics, which must exist. */
    public JobStates(String bootstrapServers, String service) {
        consumer = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
        ends = new TopicEnds(bootstrapServers);
        thread = new Thread(this::follow, service + "-states");
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

    /** Waits until everything has been read that was committed before the call. */
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
            Optional.ofNullable(open.remove(event.subject())).ifPresent(output -> written.put(output.uri(), true));
            if (state instanceof JobEvent.Completed completed) {
                written.put(completed.output().uri(), true);
            }
        } else if (event instanceof JobEvent.Accepted accepted) {
            open.put(accepted.jobId(), accepted.job().output());
        }
    }

    /** Whether a job that goes on, and is not this one, writes its video to the place. */
    public boolean isAwaitedByOthers(Output output, String jobId) {
        return open.entrySet().stream()
                .anyMatch(job ->
                        !job.getKey().equals(jobId) && job.getValue().uri().equals(output.uri()));
    }

    /** Whether jobs wrote to the place, as far as is remembered, and all of them are over. */
    public boolean isLeft(Output output) {
        return written.get(output.uri()).isPresent() && !isAwaitedByOthers(output, "");
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
                readUntil(ends.of(consumer.assignment()));
                current = true;
                asked.forEach(f -> f.complete(true));
                waiting.removeIf(CompletableFuture::isDone);
            }
            consumer.poll(POLL).forEach(this::read);
        } catch (RetriableException e) {
            LOG.warnf("The broker does not say how far the jobs' states go: %s", e.getMessage());
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
        if (record.value() == null) {
            return;
        }
        try {
            note(Events.read(record));
        } catch (MalformedRecordException e) {
            LOG.warnf("Passed over: %s", e.getMessage());
        }
    }

    @Override
    public void close() {
        stopped = true;
        consumer.wakeup();
        Threads.join(thread);
    }
}
