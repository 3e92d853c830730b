package io.lowpass.ingestion;

import io.lowpass.contracts.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which ended jobs are kept, and the reserved names and object keys of those that are not: they stay reserved although
 * the jobs can no longer be shown. Of each name only a 64-bit hash is kept. Not thread-safe.
 */
final class EndedJobs {

    /** About 60 bytes each; the oldest are dropped. */
    private static final int MOST_NAMES = 1_000_000;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private record Ended(Instant at, String jobId) {}

    private final Retention retention;
    private final TreeSet<Ended> kept =
            new TreeSet<>(Comparator.comparing(Ended::at).thenComparing(Ended::jobId));
    private final Set<Long> gone = new LinkedHashSet<>();
    private final Set<Long> objects = new LinkedHashSet<>();

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
        remember(gone, "job " + job.jobId());
        job.job().flatMap(Job::idempotencyKey).ifPresent(key -> remember(gone, "key " + key));
    }

    /** Reserves the location of a dropped job's video. */
    void rememberObject(String uri) {
        remember(objects, "object " + uri);
    }

    /** Reserves a folder of such a location. */
    void rememberFolder(String uri) {
        remember(objects, "folder " + uri);
    }

    private static void remember(Set<Long> names, String name) {
        names.add(hash(name));
        if (names.size() > MOST_NAMES) {
            names.remove(names.iterator().next());
        }
    }

    /** Whether a job with this id was dropped. */
    boolean isGone(String jobId) {
        return gone.contains(hash("job " + jobId));
    }

    /** Whether a job with this idempotency key was dropped. */
    boolean isKeyGone(String idempotencyKey) {
        return gone.contains(hash("key " + idempotencyKey));
    }

    /** Whether the location belongs to the video of a dropped job. */
    boolean isObject(String uri) {
        return objects.contains(hash("object " + uri));
    }

    /** Whether such a video lies in the folder. */
    boolean isFolder(String uri) {
        return objects.contains(hash("folder " + uri));
    }

    /** The limits. */
    Retention retention() {
        return retention;
    }

    /**
     * FNV-1a with one more mixing step. It need not resist attacks: nobody gains from colliding with their own jobs.
     */
    private static long hash(String name) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return hash ^ (hash >>> 32);
    }
}
