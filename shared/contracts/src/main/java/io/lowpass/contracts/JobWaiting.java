package io.lowpass.contracts;

import java.time.Instant;

/**
 * A job does not start yet, for a reason that passes: told once for each reason and worker.
 *
 * @param attempt the attempt that has not begun
 * @param reason for people
 */
public record JobWaiting(String jobId, int attempt, Instant at, String reason) implements Event {

    @Override
    public String subject() {
        return jobId;
    }

    /** The time in milliseconds: a job may wait more than once. */
    @Override
    public long sequence() {
        return at.toEpochMilli();
    }

    @Override
    public EventType type() {
        return EventType.WAITING;
    }
}
