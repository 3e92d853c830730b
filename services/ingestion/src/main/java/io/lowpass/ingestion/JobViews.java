package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.UnreadableRecords;
import io.lowpass.contracts.WholeTopics;
import io.lowpass.ingestion.EndedJobs.Retention;
import io.lowpass.streaming.CancellationToken;
import io.lowpass.streaming.KnownEnds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The view of all jobs, rebuilt from the state and progress topics whenever the service starts and kept up to date from
 * them. Every process has all of it. Jobs that go on are always there; of those that have ended, the newest.
 */
@ApplicationScoped
public class JobViews {

    private static final Logger LOG = Logger.getLogger(JobViews.class);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, JobView> jobs = new ConcurrentHashMap<>();
    private final Map<String, String> byIdempotencyKey = new ConcurrentHashMap<>();
    private final Map<String, Set<TopicPartition>> places = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Queue<CompletableFuture<Void>> waits = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> first = upToDate();
    private final UnreadableRecords unreadable = new UnreadableRecords(LOG::warn);
    private final EndedJobs ended;
    private final ObjectClaims claims;
    private final Clock clock;

    @Inject
    JobViews(IngestionSettings settings) {
        this(new Retention(settings.keepEnded(), settings.keepEndedFor()), Clock.systemUTC());
    }

    JobViews(Retention retention, Clock clock) {
        this.ended = new EndedJobs(retention);
        this.claims = new ObjectClaims(ended);
        this.clock = clock;
    }

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

    /** Records of the two topics that nobody could read; they are passed over. */
    long unreadable() {
        return unreadable.count();
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

    /** Whether the job has ended, of those that are told of and those that are not. */
    boolean isOver(String jobId) {
        // In this order: a job that is dropped in between is gone by then.
        return find(jobId).filter(job -> job.state().isTerminal()).isPresent() || isGone(jobId);
    }

    /** What a writer of ends must know. */
    KnownEnds knownEnds() {
        return new KnownEnds() {
            @Override
            public void catchUp() throws InterruptedException {
                JobViews.this.catchUp();
            }

            @Override
            public boolean isOver(String jobId) {
                return JobViews.this.isOver(jobId);
            }

            @Override
            public void note(Event event) {
                add(event);
            }
        };
    }

    /** Waits until everything has been read that was committed before the call. */
    private void catchUp() throws InterruptedException {
        try {
            upToDate().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new KafkaException("The states of the jobs could not be read up to their end in " + PATIENCE, e);
        }
    }

    /** Whether there was a job of this id that is not told of any more. */
    public boolean isGone(String jobId) {
        return locked(() -> ended.isGone(jobId));
    }

    /** Whether there was a job with this idempotency key that is not told of any more. */
    boolean isKeyGone(String idempotencyKey) {
        return locked(() -> ended.isKeyGone(idempotencyKey));
    }

    /** Why a new job may not write to the place, in words that follow "a key"; empty if it may. */
    Optional<String> objection(Output output) {
        lock.lock();
        try {
            return claims.objection(output);
        } finally {
            lock.unlock();
        }
    }

    /** How many ended jobs are told of, and for how long. */
    Retention retention() {
        return ended.retention();
    }

    private boolean locked(BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /** Adds what happened. */
    void add(Event event) {
        lock.lock();
        try {
            // What comes late about a job that was dropped must not make a new one of it.
            if (!ended.isGone(event.subject())) {
                put(event);
            }
            dropEnded();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void put(Event event) {
        Optional<JobView> before = find(event.subject());
        boolean wasOver = before.filter(known -> known.state().isTerminal()).isPresent();
        places.putIfAbsent(event.subject(), Set.of());
        JobView view = jobs.merge(event.subject(), JobView.of(event), (known, first) -> known.after(event));
        claims.update(before, view);
        view.job()
                .flatMap(job -> job.idempotencyKey())
                .ifPresent(key -> byIdempotencyKey.putIfAbsent(key, view.jobId()));
        if (view.state().isTerminal() && !wasOver) {
            ended.add(view);
        }
    }

    private void dropEnded() {
        Instant now = clock.instant();
        for (var next = ended.next(now); next.isPresent(); next = ended.next(now)) {
            JobView job = jobs.remove(next.get());
            if (job != null) {
                places.remove(job.jobId());
                ended.forget(job);
                claims.forget(job);
                job.job()
                        .flatMap(resolved -> resolved.idempotencyKey())
                        .ifPresent(key -> byIdempotencyKey.remove(key, job.jobId()));
            }
        }
    }

    /** Drops what has been kept for long enough. */
    private void dropOld() {
        lock.lock();
        try {
            dropEnded();
        } finally {
            lock.unlock();
        }
    }

    /** Adds what the record tells; a record that nobody can read is passed over. */
    void add(ConsumerRecord<String, byte[]> record) {
        unreadable.read(Records.event(record)).ifPresent(event -> {
            add(event);
            place(event.subject(), new TopicPartition(record.topic(), record.partition()));
        });
    }

    /** Records of a job are in one partition of a topic, unless partitions were added while it ran. */
    private void place(String jobId, TopicPartition partition) {
        places.computeIfPresent(
                jobId,
                (id, known) -> known.contains(partition)
                        ? known
                        : Stream.concat(known.stream(), Stream.of(partition)).collect(Collectors.toUnmodifiableSet()));
    }

    /** The partitions in which records of the job have been read. */
    Set<TopicPartition> places(String jobId) {
        return places.getOrDefault(jobId, Set.of());
    }

    /** By progress nothing is decided. */
    private static Map<TopicPartition, Long> goals(WholeTopics topics) {
        topics.assign();
        return topics.ends(List.of(Topics.STATE), true);
    }

    /** Reads both topics from their beginning until {@code stop} says so. */
    void follow(KafkaConsumer<String, byte[]> consumer, TopicEnds ends, CancellationToken stop) {
        WholeTopics topics = new WholeTopics(consumer, ends, Topics.STATE, Topics.PROGRESS);
        while (!stop.isCancelled()) {
            topics.assignNowAndThen();
            // Those that wait stay in the queue until they are answered: the broker may go away in between.
            List<CompletableFuture<Void>> waiting = List.copyOf(waits);
            Map<TopicPartition, Long> goals = waiting.isEmpty() ? Map.of() : goals(topics);
            do {
                consumer.poll(POLL).forEach(this::add);
            } while (!Partitions.hasReached(consumer, goals) && !stop.isCancelled());
            waiting.forEach(wait -> wait.complete(null));
            waits.removeIf(CompletableFuture::isDone);
            dropOld();
        }
    }
}
