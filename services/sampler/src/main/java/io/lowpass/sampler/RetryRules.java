package io.lowpass.sampler;

import java.time.Duration;

/**
 * When to try again.
 *
 * @param attempts runs that may begin and come to a bad end; then the job is put aside
 * @param backOff wait before the first further attempt, doubled for each that follows
 */
public record RetryRules(int attempts, Duration backOff) {

    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    /** How long to wait before this attempt, from 2 on. */
    Duration before(int nextAttempt) {
        Duration wait = backOff.multipliedBy(1L << Math.min(nextAttempt - 2, 16));
        return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
    }
}
