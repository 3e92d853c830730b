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
 * The states of all jobs, rebuilt from the state and progress topics at every start and kept up to date from them.
 * Every process has all of them: all unfinished jobs, and the newest of the ended ones.
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

    /** The job, if it is known. */
    public Optional<JobView> find(String jobId) {
        return Optional.ofNullable(jobs.get(jobId));
    }

    /** The job with the idempotency key, if there is one. */
    public Optional<JobView> findByIdempotencyKey(String key) {
        return Optional.ofNullable(byIdempotencyKey.get(key)).flatMap(this::find);
    }

    /** The most recently updated jobs, newest first. */
    public List<JobView> recent(int limit) {
        return jobs.values().stream()
                .sorted(Comparator.comparing(JobView::updatedAt).reversed())
                .limit(limit)
                .toList();
    }

    /** Number of unfinished jobs. */
    public long open() {
        return jobs.values().stream().filter(job -> !job.state().isTerminal()).count();
    }

    /** Number of unreadable records of both topics, which are skipped. */
    long unreadable() {
        return unreadable.count();
    }

    /** Whether everything that existed at the start has been read. */
    public boolean isCaughtUp() {
        return first.isDone();
    }

    /** Completes when everything committed before the call has been read. */
    CompletableFuture<Void> upToDate() {
        CompletableFuture<Void> wait = new CompletableFuture<>();
        waits.add(wait);
        return wait;
    }

    /** Waits until the job is known, for at most the given time. */
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

    /** Whether the job has ended, including jobs that are no longer kept. */
    boolean isOver(String jobId) {
        // The order matters: a job that is dropped in between counts as gone.
        return find(jobId).filter(job -> job.state().isTerminal()).isPresent() || isGone(jobId);
    }

    /** The ends of jobs, for whoever publishes ends. */
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

    /** Waits until everything committed before the call has been read. */
    private void catchUp() throws InterruptedException {
        try {
            upToDate().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new KafkaException("The states of the jobs could not be read up to their end in " + PATIENCE, e);
        }
    }

    /** Whether a job with this id existed that is no longer kept. */
    public boolean isGone(String jobId) {
        return locked(() -> ended.isGone(jobId));
    }

    /** Whether a job with this idempotency key existed that is no longer kept. */
    boolean isKeyGone(String idempotencyKey) {
        return locked(() -> ended.isKeyGone(idempotencyKey));
    }

    /** Why a new job may not write to the location, as text that follows "a key"; empty if it may. */
    Optional<String> objection(Output output) {
        lock.lock();
        try {
            return claims.objection(output);
        } finally {
            lock.unlock();
        }
    }

    /** The limits on ended jobs. */
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

    /** Adds an event. */
    void add(Event event) {
        lock.lock();
        try {
            // A late event must not recreate a dropped job.
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

    /** Drops jobs that were kept long enough. */
    private void dropOld() {
        lock.lock();
        try {
            dropEnded();
        } finally {
            lock.unlock();
        }
    }

    /** Adds the event of a record; skips unreadable records. */
    void add(ConsumerRecord<String, byte[]> record) {
        unreadable.read(Records.event(record)).ifPresent(event -> {
            add(event);
            place(event.subject(), new TopicPartition(record.topic(), record.partition()));
        });
    }

    /** A job's records are in one partition of a topic, unless partitions were added while it ran. */
    private void place(String jobId, TopicPartition partition) {
        places.computeIfPresent(
                jobId,
                (id, known) -> known.contains(partition)
                        ? known
                        : Stream.concat(known.stream(), Stream.of(partition)).collect(Collectors.toUnmodifiableSet()));
    }

    /** The partitions that contain records of the job. */
    Set<TopicPartition> places(String jobId) {
        return places.getOrDefault(jobId, Set.of());
    }

    /** Only the state topic matters: no decision depends on progress. */
    private static Map<TopicPartition, Long> goals(WholeTopics topics) {
        topics.assign();
        return topics.ends(List.of(Topics.STATE), true);
    }

    /** Reads both topics from the beginning until {@code stop} is cancelled. */
    void follow(KafkaConsumer<String, byte[]> consumer, TopicEnds ends, CancellationToken stop) {
        WholeTopics topics = new WholeTopics(consumer, ends, Topics.STATE, Topics.PROGRESS);
        while (!stop.isCancelled()) {
            topics.assignNowAndThen();
            // Requests stay in the queue until they are completed, since the broker may become unavailable in between.
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
