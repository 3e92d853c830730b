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
 * Which jobs are over or cancelled, read from the state and control topics from their first records, so that a restart
 * loses nothing. Safe for many threads.
 */
public final class JobStates implements KnownEnds, AutoCloseable {

    private final RecentMap<JobEvent> ends = new RecentMap<>();
    /** Kept beyond {@link #ends}: a record may be delivered long after its job ended. */
    private final NameSet over = new NameSet();

    private final RecentMap<String> cancels = new RecentMap<>();

    /** Locations of jobs that are over. */
    private final RecentMap<Output> written = new RecentMap<>();

    /** By location: the most recently accepted job among the completed ones that may overwrite it. */
    private final RecentMap<Claim> taken = new RecentMap<>();

    private final Map<String, Claim> open = new ConcurrentHashMap<>();
    private final TopicFollower follower;

    /** The permission of a job to write to a location. */
    private record Claim(String jobId, Output output, Instant acceptedAt) {}

    /** Follows the topics; waits for missing topics, and picks up added partitions. */
    public JobStates(String bootstrapServers, String service) {
        follower = new TopicFollower(
                bootstrapServers, service + "-states", List.of(Topics.STATE), List.of(Topics.CONTROL), this::note);
    }

    @Override
    public boolean isOver(String jobId) {
        return over.contains(jobId);
    }

    /** The job's terminal event, if there is one and it is recent enough to be kept. */
    public Optional<JobEvent> end(String jobId) {
        return ends.get(jobId);
    }

    /** The reason for which the job is to be cancelled, if it is. */
    public Optional<String> cancelRequest(String jobId) {
        return cancels.get(jobId);
    }

    /** Whether it has caught up with what existed when it started, and still reads. */
    public boolean isCurrent() {
        return follower.isCurrent();
    }

    /** Why the states are no longer followed, unless by {@link #close}. */
    Optional<String> problem() {
        return follower.problem();
    }

    /** Number of unreadable records of both topics, which are skipped. */
    public long unreadable() {
        return follower.unreadable();
    }

    /** Completes when {@link #catchUp} would return. */
    CompletableFuture<Boolean> caughtUp() {
        return follower.caughtUp();
    }

    /**
     * Waits until every state committed before the call has been read. It does not wait for cancel requests: an open
     * transaction on the control topic must not delay the ends of jobs.
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
            // The end may be read first: it is on another partition if partitions were added in between.
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
     * The completed job that overwrote the location and was accepted after the given time: an older job's video must
     * not replace it.
     *
     * @param acceptedAt when the older job was accepted
     */
    public Optional<String> overwrittenBy(Output output, Instant acceptedAt) {
        return taken.get(output.uri())
                .filter(claim -> claim.acceptedAt().isAfter(acceptedAt))
                .map(Claim::jobId);
    }

    /** All known buckets of current and past jobs. */
    public Set<String> buckets() {
        return Stream.concat(written.values().stream(), open.values().stream().map(Claim::output))
                .map(Output::bucket)
                .collect(Collectors.toSet());
    }

    /** Whether another unfinished job writes to the location. */
    public boolean isAwaitedByOthers(Output output, String jobId) {
        return open.entrySet().stream()
                .anyMatch(job -> !job.getKey().equals(jobId)
                        && job.getValue().output().uri().equals(output.uri()));
    }

    /** Whether known jobs wrote to the location and all of them are over. */
    public boolean isLeft(Output output) {
        return written.get(output.uri()).isPresent() && !isAwaitedByOthers(output, "");
    }

    @Override
    public void close() {
        follower.close();
    }
}
