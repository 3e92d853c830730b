package io.lowpass.streaming;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.JobRun.State;
import io.lowpass.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The samplers' shared record of runs: the state of each job's newest run, on {@link Topics#RUNS}. It counts attempts,
 * because the broker counts deliveries, many of which start no run; and it ensures that only one copy of a job's record
 * is run. Writes are fenced ({@link FencedWrites}), so a worker that lost its job unknowingly changes nothing. Safe for
 * many threads.
 */
public final class JobRuns implements AutoCloseable {

    /**
     * Header of a job's record: number of the copy, from 1; the original record from ingestion has no such header and
     * counts as copy 0.
     */
    public static final String COPY_HEADER = "lowpass_copy";

    private static final String ID = "lowpass-job-run-";
    private static final Duration LOOK = Duration.ofMillis(50);

    private final RecentMap<JobRun> newest = new RecentMap<>();
    private final TopicFollower follower;
    private final FencedWrites writes;
    private final String worker;

    /**
     * Follows the topic, and waits for it if it does not exist yet.
     *
     * @param worker name of the worker whose runs are recorded
     */
    public JobRuns(String bootstrapServers, String worker) {
        this(bootstrapServers, worker, id -> FencedWrites.producer(bootstrapServers, id));
    }

    /** As the other, with a producer for each transactional id from the caller. */
    public JobRuns(String bootstrapServers, String worker, Function<String, Producer<String, byte[]>> producers) {
        this.worker = worker;
        follower = new TopicFollower(bootstrapServers, worker + "-runs", List.of(Topics.RUNS), List.of(), this::note);
        writes = new FencedWrites(ID, producers);
    }

    private void note(Event event) {
        if (event instanceof JobRun run) {
            newest.put(run.jobId(), run);
        }
    }

    /** Whether it has caught up with what existed when it started, and still reads. */
    public boolean isCurrent() {
        return follower.isCurrent();
    }

    /** Waits until everything recorded before the call has been read. */
    public void catchUp() throws InterruptedException {
        follower.catchUp();
    }

    /** Number of unreadable records, which are skipped. */
    public long unreadable() {
        return follower.unreadable();
    }

    /** Completes when {@link #catchUp} would return, which needs a broker. */
    public CompletableFuture<Boolean> caughtUp() {
        return follower.caughtUp();
    }

    /** Whether no later run of the job is known. */
    public boolean isNewest(JobRun run) {
        return newest.get(run.jobId()).filter(last -> last.run() > run.run()).isEmpty();
    }

    /** The copy number of a job's record. */
    public static int copy(ConsumerRecord<String, byte[]> record) {
        return Events.header(record, COPY_HEADER)
                .filter(text -> text.matches("[1-9][0-9]{0,8}"))
                .map(Integer::valueOf)
                .orElse(0);
    }

    private static int deliveries(ConsumerRecord<String, byte[]> record) {
        return record.deliveryCount().map(Short::intValue).orElse(1);
    }

    /** The attempt number of a run of the job that would begin now. */
    public int nextAttempt(String jobId) {
        return newest.get(jobId).map(JobRuns::attemptAfter).orElse(1);
    }

    private static int attemptAfter(JobRun last) {
        boolean ended = last.state() == State.BEGUN || last.state() == State.FAILED;
        return ended ? last.attempt() + 1 : last.attempt();
    }

    /** Whether a run may start from this record: it is the newest copy, and the job's latents are not complete yet. */
    public boolean counts(ConsumerRecord<String, byte[]> record) {
        return newest.get(record.key())
                .filter(last -> last.copy() > copy(record) || last.state() == State.DONE)
                .isEmpty();
    }

    /**
     * Waits for the outcome of the job's last run, if it may still be reported. A restarted broker has forgotten who
     * held the record, and delivers it again with the same delivery count. The previous holder is possibly alive, and
     * then hands the job back at its next renewal.
     *
     * @param patience how long to wait at most
     */
    public void awaitOutcome(ConsumerRecord<String, byte[]> record, Duration patience) throws InterruptedException {
        follower.catchUp();
        long end = System.nanoTime() + patience.toNanos();
        while (isForgotten(record) && System.nanoTime() < end) {
            Thread.sleep(LOOK.toMillis());
        }
    }

    private boolean isForgotten(ConsumerRecord<String, byte[]> record) {
        return newest.get(record.key())
                .filter(last -> last.state() == State.BEGUN
                        && last.copy() == copy(record)
                        && deliveries(record) <= last.deliveries())
                .isPresent();
    }

    /**
     * Records that a run of the job begins.
     *
     * @param lost whether the caller has lost the record; checked before each attempt to write
     * @return the run; empty if the record {@linkplain #counts does not count}, or is lost
     * @throws KafkaException if the broker is unavailable: then the outcome is unknown
     */
    public Optional<JobRun> begin(ConsumerRecord<String, byte[]> record, BooleanSupplier lost) {
        List<JobRun> begun = new ArrayList<>();
        boolean written = writes.write(record.key(), () -> {
            // If fenced, the look is repeated: the last result counts.
            begun.clear();
            if (lost.getAsBoolean()) {
                return List.of();
            }
            follower.catchUp();
            if (!counts(record)) {
                return List.of();
            }
            JobRun run = new JobRun(
                    record.key(),
                    nextAttempt(record.key()),
                    Instant.now(),
                    lastRun(record.key()) + 1,
                    copy(record),
                    deliveries(record),
                    State.BEGUN,
                    worker);
            begun.add(run);
            return List.of(Events.record(run));
        });
        return written ? begun.stream().findFirst() : Optional.empty();
    }

    /**
     * Records how a run ended, unless a later run has begun or its latents are complete, which is final.
     *
     * @return whether it was recorded
     * @throws KafkaException if the broker is unavailable: then the outcome is unknown, and calling again is safe
     */
    public boolean end(JobRun run, State state) {
        return writes.write(run.jobId(), () -> {
            follower.catchUp();
            return newest.get(run.jobId())
                    .filter(last -> last.run() == run.run() && last.state() != State.DONE)
                    .map(last -> List.of(Events.record(changed(last, state, last.copy(), last.deliveries()))))
                    .orElse(List.of());
        });
    }

    /**
     * Writes a copy of the job's record, which the broker has not delivered yet, and records in the same transaction
     * that only this copy counts. The caller may then acknowledge the old record; if it dies first, the next receiver
     * acknowledges it, since it no longer counts.
     *
     * @param lost whether the caller has lost the record; checked before each attempt to write
     * @return whether the old record may be acknowledged; false if it is lost, or another run began since the call
     * @throws KafkaException if the broker is unavailable: then the outcome is unknown, and calling again is safe
     */
    public boolean rewrite(ConsumerRecord<String, byte[]> record, BooleanSupplier lost) {
        int seen = newestRun(record.key());
        boolean written = writes.write(record.key(), () -> {
            if (lost.getAsBoolean()) {
                return List.of();
            }
            follower.catchUp();
            if (!counts(record) || lastRun(record.key()) != seen) {
                return List.of();
            }
            int copy = copy(record) + 1;
            JobRun noted = newest.get(record.key())
                    .map(last -> again(last, copy))
                    .orElseGet(() -> new JobRun(record.key(), 1, Instant.now(), 0, copy, 0, State.HANDED_BACK, worker));
            return List.of(anew(record, copy), Events.record(noted));
        });
        return written || !counts(record);
    }

    private int lastRun(String jobId) {
        return newest.get(jobId).map(JobRun::run).orElse(0);
    }

    /** The number of the last recorded run at the time of the call. */
    private int newestRun(String jobId) {
        try {
            follower.catchUp();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        return lastRun(jobId);
    }

    /** The same attempt count; a run without an end counts as failed. */
    private JobRun again(JobRun last, int copy) {
        return changed(last, last.state() == State.BEGUN ? State.FAILED : last.state(), copy, 0);
    }

    private JobRun changed(JobRun last, State state, int copy, int deliveries) {
        return new JobRun(last.jobId(), last.attempt(), Instant.now(), last.run(), copy, deliveries, state, worker);
    }

    private static ProducerRecord<String, byte[]> anew(ConsumerRecord<String, byte[]> record, int copy) {
        Headers headers = new RecordHeaders(record.headers());
        headers.remove(COPY_HEADER);
        headers.add(COPY_HEADER, Integer.toString(copy).getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(record.topic(), null, record.key(), record.value(), headers);
    }

    @Override
    public void close() {
        follower.close();
    }
}
