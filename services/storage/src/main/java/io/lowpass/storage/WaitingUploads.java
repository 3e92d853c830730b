package io.lowpass.storage;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.streaming.StageException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The jobs that wait for the object store: the cause, since when, and when to give up. Survives the sessions of a job,
 * each of which is one try. Safe for many threads.
 */
final class WaitingUploads {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final int OWN_SHARE = 10;

    private final Limits limits;
    private final Map<String, Wait> waiting = new ConcurrentHashMap<>();

    WaitingUploads(Limits limits) {
        this.limits = limits;
    }

    /** What a job waits for. */
    enum Cause {
        /** The store refuses this object but otherwise responds. */
        OBJECT("lowpass.storage.object-patience"),
        /** The store rejects the credentials. */
        CREDENTIALS("lowpass.storage.credentials-patience"),
        /** The store does not answer. */
        STORE("lowpass.storage.store-patience");

        private final String setting;

        Cause(String setting) {
            this.setting = setting;
        }
    }

    /** The time limits. */
    record Limits(Duration object, Duration credentials, Duration store) {

        private Duration of(Cause cause) {
            return switch (cause) {
                case OBJECT -> object;
                case CREDENTIALS -> credentials;
                case STORE -> store;
            };
        }
    }

    /**
     * The wait of one job.
     *
     * @param call number of the failed call since the beginning of the upload
     * @param first when the trouble began, by {@link System#nanoTime}
     * @param since when the present cause began
     */
    record Wait(int call, Cause cause, long first, long since, String code, String reason) {

        private String text(String jobId) {
            return jobId + " for " + (System.nanoTime() - since) / SECOND + " s: " + reason;
        }
    }

    /** The wait of the job, if it waits. */
    Optional<Wait> of(String jobId) {
        return Optional.ofNullable(waiting.get(jobId));
    }

    /**
     * Records a failed call.
     *
     * @param writtenAt when the first fragment of the video was written: its retention is not much longer than the
     *     limit on waiting
     * @return the wait of the job from now on
     * @throws StageException if it has waited too long
     */
    Wait failed(String jobId, int call, Cause cause, Instant writtenAt, StoreException failure) {
        long now = System.nanoTime();
        Optional<Wait> before = of(jobId);
        Wait wait = new Wait(
                call,
                cause,
                before.map(Wait::first).orElse(now),
                before.filter(known -> known.cause() == cause).map(Wait::since).orElse(now),
                failure.failureCode(),
                String.valueOf(failure.getMessage()));
        waiting.put(jobId, wait);
        if (now - wait.since() >= limits.of(cause).toNanos()) {
            throw givenUp(cause, failure);
        }
        if (now - wait.first() >= limits.store().toNanos() || isOld(writtenAt, now - wait.first())) {
            throw givenUp(Cause.STORE, failure);
        }
        return wait;
    }

    /**
     * Whether the fragments will expire soon. A wait that another process left behind still gets a tenth of the limit.
     */
    private boolean isOld(Instant writtenAt, long waited) {
        return Duration.between(writtenAt, Instant.now()).compareTo(limits.store()) >= 0
                && waited >= limits.store().toNanos() / OWN_SHARE;
    }

    private StageException givenUp(Cause cause, StoreException failure) {
        return new StageException(
                failure.failureCode(),
                ErrorClass.PERMANENT,
                "given up after " + limits.of(cause) + " (" + cause.setting + "): " + failure.getMessage(),
                failure);
    }

    /** Records a successful call; returns the wait that it ends. */
    Optional<Wait> succeeded(String jobId, int call) {
        Optional<Wait> over = of(jobId).filter(wait -> call >= wait.call());
        over.ifPresent(wait -> waiting.remove(jobId));
        return over;
    }

    /** Removes the wait: the job is over, or another process has it. */
    void forget(String jobId) {
        waiting.remove(jobId);
    }

    /** Descriptions of all waiting jobs. */
    List<String> texts() {
        return waiting.entrySet().stream()
                .map(entry -> entry.getValue().text(entry.getKey()))
                .sorted()
                .toList();
    }
}
