package io.lowpass.ingestion;

import io.lowpass.contracts.Job;
import io.lowpass.streaming.NameSet;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which ended jobs are kept, and the reserved names and object keys of those that are not: they stay reserved although
 * the jobs can no longer be shown. Of each name only a hash is kept. Not thread-safe.
 */
final class EndedJobs {

    private record Ended(Instant at, String jobId) {}

    private final Retention retention;
    private final TreeSet<Ended> kept =
            new TreeSet<>(Comparator.comparing(Ended::at).thenComparing(Ended::jobId));
    private final NameSet gone = new NameSet();

    /**
     * Limits on what is kept.
     *
     * @param count number of jobs, at least 1
     * @param time time since the end of the job
     */
    record Retention(int count, java.time.Duration time) {

        Retention {
            if (count < 1 || time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("lowpass.ingestion.keep-ended " + count
                        + " must be at least 1, and lowpass.ingestion.keep-ended-for " + time + " more than 0");
            }
        }
    }

    EndedJobs(Retention retention) {
        this.retention = retention;
    }

    /** Adds an ended job. */
    void add(JobView job) {
        kept.add(new Ended(job.updatedAt(), job.jobId()));
    }

    /** The next job to drop, if there are too many or it is too old. */
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

    /** Reserves the names of a dropped job. */
    void forget(JobView job) {
        gone.add("job " + job.jobId());
        job.job().flatMap(Job::idempotencyKey).ifPresent(key -> gone.add("key " + key));
    }

    /** Reserves the location of a dropped job's video. */
    void rememberObject(String uri) {
        gone.add("object " + uri);
    }

    /** Reserves a folder of such a location. */
    void rememberFolder(String uri) {
        gone.add("folder " + uri);
    }

    /** Whether a job with this id was dropped. */
    boolean isGone(String jobId) {
        return gone.contains("job " + jobId);
    }

    /** Whether a job with this idempotency key was dropped. */
    boolean isKeyGone(String idempotencyKey) {
        return gone.contains("key " + idempotencyKey);
    }

    /** Whether the location belongs to the video of a dropped job. */
    boolean isObject(String uri) {
        return gone.contains("object " + uri);
    }

    /** Whether such a video lies in the folder. */
    boolean isFolder(String uri) {
        return gone.contains("folder " + uri);
    }

    /** The limits. */
    Retention retention() {
        return retention;
    }
}
