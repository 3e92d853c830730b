package io.lowpass.sampler;

import java.time.Duration;

/**
 * Rules for retries.
 *
 * @param attempts number of runs that may fail before the job goes to the dead-letter topic
 * @param backOff delay before the second attempt, doubled for each further one
 */
public record RetryRules(int attempts, Duration backOff) {

    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    /** The delay before an attempt, from the second on. */
    Duration before(int nextAttempt) {
        Duration wait = backOff.multipliedBy(1L << Math.min(nextAttempt - 2, 16));
        return wait.compareTo(LONGEST_BACK_OFF) < 0 ? wait : LONGEST_BACK_OFF;
    }
}
