package io.lowpass.streaming;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which jobs are over and which shall stop, as the state and the control topic have it from their first record on: it
 * knows after a restart what it knew before. Safe for many threads.
 */
public final class JobStates implements KnownEnds, AutoCloseable {

    private final RecentMap<JobEvent> ends = new RecentMap<>();
    /** A record may be delivered when very many jobs have ended since its own did. */
    private final NameSet over = new NameSet();

    private final RecentMap<String> cancels = new RecentMap<>();

    /** Places of jobs that are over. */
    private final RecentMap<Output> written = new RecentMap<>();

    /** By place: of the completed jobs that said that they overwrite it, the one accepted last. */
    private final RecentMap<Claim> taken = new RecentMap<>();

    private final Map<String, Claim> open = new ConcurrentHashMap<>();
    private final TopicFollower follower;

    /** A job may write to a place. */
    private record Claim(String jobId, Output output, Instant acceptedAt) {}

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
            Optional.ofNullable(open.remove(event.subject())).ifPresent(claim -> settle(claim, state));
            if (state instanceof JobEvent.Completed completed) {
                write(new Output(completed.output().bucket(), completed.output().key()));
            }
        } else if (event instanceof JobEvent.Accepted accepted) {
            Claim claim = new Claim(
                    accepted.jobId(), accepted.job().output(), accepted.job().requestedAt());
            // The end may come first: it is on another partition if some were added in between.
            end(claim.jobId()).ifPresentOrElse(end -> settle(claim, end), () -> open.put(claim.jobId(), claim));
        }
    }

    private void settle(Claim claim, JobEvent end) {
        write(claim.output());
        String uri = claim.output().uri();
        if (end instanceof JobEvent.Completed
                && claim.output().mayOverwrite()
                && taken.get(uri)
                        .filter(last -> !last.acceptedAt().isBefore(claim.acceptedAt()))
                        .isEmpty()) {
            taken.put(uri, claim);
        }
    }

    private void write(Output output) {
        written.put(output.uri(), output);
    }

    /**
     * The job that has overwritten the place, if it is completed and was accepted after the other: what that one writes
     * there comes too late.
     *
     * @param acceptedAt when the other was accepted
     */
    public Optional<String> overwrittenBy(Output output, Instant acceptedAt) {
        return taken.get(output.uri())
                .filter(claim -> claim.acceptedAt().isAfter(acceptedAt))
                .map(Claim::jobId);
    }

    /** The buckets that jobs write to, and wrote to as far as is remembered. */
    public Set<String> buckets() {
        return Stream.concat(written.values().stream(), open.values().stream().map(Claim::output))
                .map(Output::bucket)
                .collect(Collectors.toSet());
    }

    /** Whether a job that goes on, and is not this one, writes its video to the place. */
    public boolean isAwaitedByOthers(Output output, String jobId) {
        return open.entrySet().stream()
                .anyMatch(job -> !job.getKey().equals(jobId)
                        && job.getValue().output().uri().equals(output.uri()));
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
