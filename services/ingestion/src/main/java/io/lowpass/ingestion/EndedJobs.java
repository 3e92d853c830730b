package io.lowpass.ingestion;

import io.lowpass.contracts.Job;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which ended jobs are kept, and the names and object keys of those that are not: they stay taken although nobody can
 * tell of the job any more. Of a name only a hash of 64 bits is kept. Not safe for several threads.
 */
final class EndedJobs {

    /** Some 60 bytes each; the oldest are let go of. */
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
        remember(gone, "job " + job.jobId());
        job.job().flatMap(Job::idempotencyKey).ifPresent(key -> remember(gone, "key " + key));
    }

    /** Remembers that a video of a job that is dropped is at the address. */
    void rememberObject(String uri) {
        remember(objects, "object " + uri);
    }

    /** Remembers that such a video lies beneath the address. */
    void rememberFolder(String uri) {
        remember(objects, "folder " + uri);
    }

    private static void remember(Set<Long> names, String name) {
        names.add(hash(name));
        if (names.size() > MOST_NAMES) {
            names.remove(names.iterator().next());
        }
    }

    /** Whether a job of this id was dropped. */
    boolean isGone(String jobId) {
        return gone.contains(hash("job " + jobId));
    }

    /** Whether a job with this idempotency key was dropped. */
    boolean isKeyGone(String idempotencyKey) {
        return gone.contains(hash("key " + idempotencyKey));
    }

    /** Whether a video of a job that was dropped is at the address. */
    boolean isObject(String uri) {
        return objects.contains(hash("object " + uri));
    }

    /** Whether such a video lies beneath the address. */
    boolean isFolder(String uri) {
        return objects.contains(hash("folder " + uri));
    }

    /** What is kept, in words. */
    Retention retention() {
        return retention;
    }

    /** FNV-1a, mixed once more: the names are not chosen by an enemy of their own jobs. */
    private static long hash(String name) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return hash ^ (hash >>> 32);
    }
}
