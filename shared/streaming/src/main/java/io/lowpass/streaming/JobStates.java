package io.lowpass.streaming;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Topics;
import java.util.List;
import java.util.Optional;

/**
 * Which jobs are over and which shall stop, as the state and the control topic have it from their first record on: it
 * knows after a restart what it knew before. Safe for many threads.
 */
public final class JobStates implements AutoCloseable {

    private final RecentMap<JobEvent> over = new RecentMap<>();
    private final RecentMap<String> cancels = new RecentMap<>();
    private final TopicFollower follower;

    /** Follows the topics, which must exist. */
    public JobStates(String bootstrapServers, String service) {
        follower = new TopicFollower(
                bootstrapServers, service + "-states", List.of(Topics.STATE, Topics.CONTROL), this::note);
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
        return follower.isCurrent();
    }

    /** Waits until everything has been read that was committed before the call. */
    public void catchUp() throws InterruptedException {
        follower.catchUp();
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

    @Override
    public void close() {
        follower.close();
    }
}
