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
 * Which jobs wait for the object store, for what and since when, and when it has been long enough. Outlives the sessions
 * of a job, each of which is one try. Safe for many threads.
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
        /** The store refuses this object and answers otherwise. */
        OBJECT("lowpass.storage.object-patience"),
        /** The store does not take the keys. */
        CREDENTIALS("lowpass.storage.credentials-patience"),
        /** The store does not answer. */
        STORE("lowpass.storage.store-patience");

        private final String setting;

        Cause(String setting) {
            this.setting = setting;
        }
    }

    /** How long a job waits. */
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
     * One job waits.
     *
     * @param call number of the call, counted from the beginning of the upload, that did not succeed
     * @param first when the trouble began, by {@link System#nanoTime}
     * @param since when the trouble began to have this cause
     */
    record Wait(int call, Cause cause, long first, long since, String code, String reason) {

        private String text(String jobId) {
            return jobId + " for " + (System.nanoTime() - since) / SECOND + " s: " + reason;
        }
    }

    /** What the job waits for, if it does. */
    Optional<Wait> of(String jobId) {
        return Optional.ofNullable(waiting.get(jobId));
    }

    /**
     * A call for the job failed.
     *
     * @param writtenAt when the first fragment of the video was written: the topic does not keep it for much longer than
     *     a store is waited for
     * @return what the job waits for from now on
     * @throws StageException if it has waited for long enough
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

    /** Whether the fragments will soon be gone. What was left waiting by others gets a tenth of the time all the same. */
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

    /** A call for the job succeeded; what is over by that. */
    Optional<Wait> succeeded(String jobId, int call) {
        Optional<Wait> over = of(jobId).filter(wait -> call >= wait.call());
        over.ifPresent(wait -> waiting.remove(jobId));
        return over;
    }

    /** The job is over, or another process has it. */
    void forget(String jobId) {
        waiting.remove(jobId);
    }

    /** Every job that waits, for people. */
    List<String> texts() {
        return waiting.entrySet().stream()
                .map(entry -> entry.getValue().text(entry.getKey()))
                .sorted()
                .toList();
    }
}
