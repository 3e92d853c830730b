package io.lowpass.streaming;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which jobs are over and which shall stop, as the state and the control topic have it from their first record on: it
 * knows after a restart what it knew before. Safe for many threads.
 */
public final class JobStates implements KnownEnds, AutoCloseable {

    private final RecentMap<JobEvent> ends = new RecentMap<>();
    /** A record may be delivered when very many jobs have ended since its own did. */
    private final JobIdSet over = new JobIdSet();

    private final RecentMap<String> cancels = new RecentMap<>();
    private final RecentMap<Boolean> written = new RecentMap<>();
    private final Map<String, Output> open = new ConcurrentHashMap<>();
    private final TopicFollower follower;

    /** Follows the topics; those that are not there yet are waited for, and partitions that are added are taken in. */
    public JobStates(String bootstrapServers, String service) {
        follower = new TopicFollower(
                bootstrapServers, service + "-states", List.of(Topics.STATE), List.of(Topics.CONTROL), this::note);
    }

    @Override
    public boolean isOver(String jobId) {
        return over.contains(jobId);
    }

    /** The job's terminal event, if it has one and not very many jobs have ended since. */
    public Optional<JobEvent> end(String jobId) {
        return ends.get(jobId);
    }

    /** Why the job shall stop, if somebody said so. */
    public Optional<String> cancelRequest(String jobId) {
        return cancels.get(jobId);
    }

    /** Whether everything that was written before this began has been read, and reading goes on. */
    public boolean isCurrent() {
        return follower.isCurrent();
    }

    /** Why the states are not followed any more, if that is so and nobody closed this. */
    Optional<String> problem() {
        return follower.problem();
    }

    /** Records of the two topics that nobody could read; they are passed over. */
    public long unreadable() {
        return follower.unreadable();
    }

    /** Completes when {@link #catchUp} would return. */
    CompletableFuture<Boolean> caughtUp() {
        return follower.caughtUp();
    }

    /**
     * Waits until every state has been read that was committed before the call. Wishes to cancel are not waited for: who
     * holds the control topic up, with a transaction that stays open, must not hold up the ends of jobs.
     */
    @Override
    public void catchUp() throws InterruptedException {
        follower.catchUp();
    }

    @Override
    public void note(Event event) {
        if (event instanceof JobEvent.CancelRequested cancel) {
            cancels.put(cancel.jobId(), cancel.reason());
        } else if (event instanceof JobEvent state && state.endsJob()) {
            ends.put(event.subject(), state);
            over.add(event.subject());
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

    @Override
    public void close() {
        follower.close();
    }
}
