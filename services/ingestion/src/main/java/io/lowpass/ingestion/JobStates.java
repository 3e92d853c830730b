package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The view of all jobs, rebuilt from the state and progress topics whenever the service starts and kept up to date from
 * them. Every process has all of it.
 */
@ApplicationScoped
public class JobStates {

    private static final Logger LOG = Logger.getLogger(JobStates.class);

    private static final Duration POLL = Duration.ofMillis(50);

    private final Map<String, JobView> jobs = new ConcurrentHashMap<>();
    private final Map<String, String> byIdempotencyKey = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final BlockingQueue<CompletableFuture<Void>> waits = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> first = upToDate();

    /** The job, if anything is known of it. */
    public Optional<JobView> find(String jobId) {
        return Optional.ofNullable(jobs.get(jobId));
    }

    /** The job that was made with the idempotency key, if there is one. */
    public Optional<JobView> findByIdempotencyKey(String key) {
        return Optional.ofNullable(byIdempotencyKey.get(key)).flatMap(this::find);
    }

    /** The jobs that something happened to last, newest first. */
    public List<JobView> recent(int limit) {
        return jobs.values().stream()
                .sorted(Comparator.comparing(JobView::updatedAt).reversed())
                .limit(limit)
                .toList();
    }

    /** Jobs that have not come to an end. */
    public long open() {
        return jobs.values().stream().filter(job -> !job.state().isTerminal()).count();
    }

    /** Whether everything that was in the topics when this was started has been read. */
    public boolean isCaughtUp() {
        return first.isDone();
    }

    /** Completes when everything that has been committed to the topics by now has been read. */
    CompletableFuture<Void> upToDate() {
        CompletableFuture<Void> wait = new CompletableFuture<>();
        waits.add(wait);
        return wait;
    }

    /** Waits until something is known of the job, for at most the time given. */
    public Optional<JobView> await(String jobId, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (find(jobId).isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
        return find(jobId);
    }

    /** Adds what happened. */
    void add(Event event) {
        lock.lock();
        try {
            JobView view = jobs.merge(event.jobId(), JobView.of(event), (known, first) -> known.after(event));
            view.job()
                    .flatMap(job -> job.idempotencyKey())
                    .ifPresent(key -> byIdempotencyKey.putIfAbsent(key, view.jobId()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Adds what the record tells; a record that nobody can read is passed over. */
    void add(ConsumerRecord<String, byte[]> record) {
        try {
            add(Events.read(record));
        } catch (MalformedRecordException e) {
            LOG.warn("Passed over: " + e.getMessage());
        }
    }

    /** Reads both topics from their beginning until {@code stop} says so. */
    void follow(KafkaConsumer<String, byte[]> consumer, TopicEnds ends, StopSign stop) {
        List<TopicPartition> partitions = Partitions.all(consumer, Topics.STATE, Topics.PROGRESS);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (!stop.isRaised()) {
            List<CompletableFuture<Void>> waiting = new ArrayList<>();
            waits.drainTo(waiting);
            Map<TopicPartition, Long> goals = waiting.isEmpty() ? Map.of() : ends.of(partitions);
            do {
                consumer.poll(POLL).forEach(this::add);
            } while (!Partitions.hasReached(consumer, goals) && !stop.isRaised());
            waiting.forEach(wait -> wait.complete(null));
        }
    }
}
