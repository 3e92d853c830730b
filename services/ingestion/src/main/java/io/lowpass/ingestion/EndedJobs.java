package io.lowpass.ingestion;

import io.lowpass.contracts.Job;
import io.lowpass.streaming.NameSet;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which ended jobs are kept, and the names and object keys of those that are not: they stay taken although nobody can
 * tell of the job any more. Of a name only its hash is kept. Not safe for several threads.
 */
final class EndedJobs {

    private record Ended(Instant at, String jobId) {}

    private final Retention retention;
    private final TreeSet<Ended> kept =
            new TreeSet<>(Comparator.comparing(Ended::at).thenComparing(Ended::jobId));
    private final NameSet gone = new NameSet();

    /**
     * What is kept.
     *
     * @param count of jobs, at least 1
     * @param time since the end
     */
    record Retention(int count, java.time.Duration time) {

        Retention {
            if (count < 1 || time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("lowpass.ingestion.keep-ended " + count
                        + " must be at least 1, and lowpass.ingestion.keep-ended-for " + time + " more than nothing");
            }
        }
    }

    EndedJobs(Retention retention) {
        this.retention = retention;
    }

    /** A job has ended. */
    void add(JobView job) {
        kept.add(new Ended(job.updatedAt(), job.jobId()));
    }

    /** The job to be dropped next, if there are too many or it is too old. */
    Optional<String> next(Instant now) {
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        Ended oldest = kept.first();
        if (kept.size() <= retention.count() && !oldest.at().isBefore(now.minus(retention.time()))) {
            return Optional.empty();
        }
        kept.remove(oldest);
        return Optional.of(oldest.jobId());
    }

    /** Remembers the names of a job that is dropped. */
    void forget(JobView job) {
        gone.add("job " + job.jobId());
        job.job().flatMap(Job::idempotencyKey).ifPresent(key -> gone.add("key " + key));
    }

    /** Remembers that a video of a job that is dropped is at the address. */
    void rememberObject(String uri) {
        gone.add("object " + uri);
    }

    /** Remembers that such a video lies beneath the address. */
    void rememberFolder(String uri) {
        gone.add("folder " + uri);
    }

    /** Whether a job of this id was dropped. */
    boolean isGone(String jobId) {
        return gone.contains("job " + jobId);
    }

    /** Whether a job with this idempotency key was dropped. */
    boolean isKeyGone(String idempotencyKey) {
        return gone.contains("key " + idempotencyKey);
    }

    /** Whether a video of a job that was dropped is at the address. */
    boolean isObject(String uri) {
        return gone.contains("object " + uri);
    }

    /** Whether such a video lies beneath the address. */
    boolean isFolder(String uri) {
        return gone.contains("folder " + uri);
    }

    /** What is kept, in words. */
    Retention retention() {
        return retention;
    }
}
