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
 * The samplers' common memory of runs: how the newest run of each job is, on {@link Topics#RUNS}. By it attempts are
 * counted, since the broker counts deliveries, of which many are no runs; and by it a job whose record exists more than
 * once is run from one of them alone. Writes are fenced ({@link FencedWrites}): a worker that lost its job and does not
 * know it yet changes nothing. Safe for many threads.
 */
public final class JobRuns implements AutoCloseable {

    /** Header of a job's record: which copy it is, from 1; the record that ingestion wrote has none and is copy 0. */
    public static final String COPY_HEADER = "lowpass_copy";

    private static final String ID = "lowpass-job-run-";
    private static final Duration LOOK = Duration.ofMillis(50);

    private final RecentMap<JobRun> newest = new RecentMap<>();
    private final TopicFollower follower;
    private final FencedWrites writes;
    private final String worker;

    /**
     * Follows the topic; until it is there, it is waited for.
     *
     * @param worker whose runs are noted
     */
    public JobRuns(String bootstrapServers, String worker) {
        this(bootstrapServers, worker, id -> FencedWrites.producer(bootstrapServers, id));
    }

    /** As the other, with producers made elsewhere, for a transactional id each. */
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

    /** Whether everything that was written before this began has been read, and reading goes on. */
    public boolean isCurrent() {
        return follower.isCurrent();
    }

    /** Waits until everything has been read that was noted before the call. */
    public void catchUp() throws InterruptedException {
        follower.catchUp();
    }

    /** Records that nobody could read; they are passed over. */
    public long unreadable() {
        return follower.unreadable();
    }

    /** Completes when {@link #catchUp} would return, for which a broker must answer. */
    public CompletableFuture<Boolean> caughtUp() {
        return follower.caughtUp();
    }

    /** Whether no other run of the job is known to have begun since. */
    public boolean isNewest(JobRun run) {
        return newest.get(run.jobId()).filter(last -> last.run() > run.run()).isEmpty();
    }

    /** Which copy of a job's record this is. */
    public static int copy(ConsumerRecord<String, byte[]> record) {
        return Events.header(record, COPY_HEADER)
                .filter(text -> text.matches("[1-9][0-9]{0,8}"))
                .map(Integer::valueOf)
                .orElse(0);
    }

    private static int deliveries(ConsumerRecord<String, byte[]> record) {
        return record.deliveryCount().map(Short::intValue).orElse(1);
    }

    /** The attempt that a run of the job would belong to if it began now. */
    public int nextAttempt(String jobId) {
        return newest.get(jobId).map(JobRuns::attemptAfter).orElse(1);
    }

    private static int attemptAfter(JobRun last) {
        boolean ended = last.state() == State.BEGUN || last.state() == State.FAILED;
        return ended ? last.attempt() + 1 : last.attempt();
    }

    /**
     * Whether the record is one that a run may begin from: no copy that was written anew, and no job whose latents are
     * all out.
     */
    public boolean counts(ConsumerRecord<String, byte[]> record) {
        return newest.get(record.key())
                .filter(last -> last.copy() > copy(record) || last.state() == State.DONE)
                .isEmpty();
    }

    /**
     * Waits for a word about the last run of the job, if there may be one yet to come. A broker that was restarted has
     * forgotten whom it gave the record to, and gives it out once more under the same number. Whoever had it before is
     * as likely alive as dead, and if alive hands it back within its next renewal.
     *
     * @param patience how long to wait at most
     */
    public void awaitWord(ConsumerRecord<String, byte[]> record, Duration patience) throws InterruptedException {
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
     * Notes that a run of the job begins.
     *
     * @param lost whether the record is not the caller's any more; asked again before each try to write
     * @return the run; empty if the record {@linkplain #counts does not count}, or is lost
     * @throws KafkaException if the broker is away: then it is not known whether this is noted
     */
    public Optional<JobRun> begin(ConsumerRecord<String, byte[]> record, BooleanSupplier lost) {
        List<JobRun> begun = new ArrayList<>();
        boolean written = writes.write(record.key(), () -> {
            // Refused, the look is done again: the last one counts.
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
     * Notes how a run ended, unless another has begun since or its latents are known to be all out: that is final.
     *
     * @return whether this was noted
     * @throws KafkaException if the broker is away: then it is not known whether this is noted, and another call is safe
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
     * Writes the record of a job to the jobs' topic anew, where the broker has not delivered it yet, and notes in the
     * same transaction that only the new one counts. The caller may then acknowledge the old one; if it dies before that,
     * the next to get it does, since it does not count any more.
     *
     * @param lost whether the record is not the caller's any more; asked again before each try to write
     * @return whether the record may be acknowledged; false if it is lost, or another run began since the call
     * @throws KafkaException if the broker is away: then it is not known whether the copy was written, and another call
     *     is safe
     */
    public boolean writeAnew(ConsumerRecord<String, byte[]> record, BooleanSupplier lost) {
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

    /** The number of the last run that is noted at the time of the call. */
    private int newestRun(String jobId) {
        try {
            follower.catchUp();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        return lastRun(jobId);
    }

    /** The same with its attempts; a run that nobody is at any more came to a bad end. */
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
