package io.lowpass.ingestion;

import io.lowpass.contracts.Output;
import io.lowpass.fields.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which object key belongs to which job. A key belongs to the job that was accepted with it, until that job fails or is
 * cancelled; several jobs share one only if the later ones may overwrite. Not thread-safe.
 */
final class ObjectClaims {

    private final Map<String, Set<String>> jobs = new HashMap<>();

    /** Folders that contain claimed keys, with their number. */
    private final Map<String, Integer> folders = new HashMap<>();

    private final EndedJobs ended;

    /**
     * Starts without claims.
     *
     * @param ended knows the keys of jobs that are no longer kept
     */
    ObjectClaims(EndedJobs ended) {
        this.ended = ended;
    }

    /** Updates the claims when a job changes its state. */
    void update(Optional<JobView> before, JobView after) {
        Optional<Output> had = before.flatMap(JobView::claim);
        Optional<Output> has = after.claim();
        if (!had.equals(has)) {
            had.ifPresent(output -> remove(output, after.jobId()));
            has.ifPresent(output -> add(output, after.jobId()));
        }
    }

    /** Moves the claim of a dropped job to the reserved keys. */
    void forget(JobView job) {
        job.claim().ifPresent(output -> {
            remove(output, job.jobId());
            ended.rememberObject(output.uri());
            folders(output.uri()).forEach(ended::rememberFolder);
        });
    }

    private void add(Output output, String jobId) {
        boolean isNew =
                jobs.computeIfAbsent(output.uri(), uri -> new TreeSet<>()).add(jobId);
        if (isNew) {
            folders(output.uri()).forEach(folder -> folders.merge(folder, 1, Integer::sum));
        }
    }

    private void remove(Output output, String jobId) {
        Set<String> claimants = jobs.get(output.uri());
        if (claimants != null && claimants.remove(jobId)) {
            folders(output.uri())
                    .forEach(folder -> folders.computeIfPresent(folder, (name, n) -> n > 1 ? n - 1 : null));
            if (claimants.isEmpty()) {
                jobs.remove(output.uri());
            }
        }
    }

    /** Why the job may not write to the location, as text that follows "a key"; empty if it may. */
    Optional<String> objection(Output output) {
        String uri = output.uri();
        if (isTaken(uri) && !output.mayOverwrite()) {
            return Optional.of("that no other video uses; " + owner(uri)
                    + " uses this one. \"overwrite\": true lets this job replace it");
        }
        Optional<String> above = folders(uri).stream().filter(this::isTaken).findFirst();
        if (above.isPresent()) {
            return Optional.of("that is not inside another video's key: " + owner(above.get()) + " uses "
                    + Problem.shorten(above.get()));
        }
        return folders.containsKey(uri) || ended.isFolder(uri)
                ? Optional.of("that is not a folder of another video's key")
                : Optional.empty();
    }

    private boolean isTaken(String uri) {
        return jobs.containsKey(uri) || ended.isObject(uri);
    }

    private String owner(String uri) {
        return Optional.ofNullable(jobs.get(uri))
                .flatMap(claimants -> claimants.stream().findFirst())
                .map(job -> "job " + job)
                .orElse("a job that ended long ago");
    }

    /** All parent folders of the key, which exist in stores that keep objects as files. */
    private static List<String> folders(String uri) {
        int bucketEnd = uri.indexOf('/', "s3://".length());
        return IntStream.range(bucketEnd + 1, uri.length())
                .filter(i -> uri.charAt(i) == '/')
                .mapToObj(i -> uri.substring(0, i))
                .toList();
    }
}
