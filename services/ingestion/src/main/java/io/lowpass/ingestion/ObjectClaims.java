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
 * Which job's video is at which object key, or will be. A key belongs to the job that was accepted with it, until that
 * job fails or is cancelled; several jobs have one only if the later ones said that they overwrite it. Not safe for
 * several threads.
 */
final class ObjectClaims {

    private final Map<String, Set<String>> jobs = new HashMap<>();

    /** Names beneath which there are claimed keys, each with how many. */
    private final Map<String, Integer> folders = new HashMap<>();

    private final EndedJobs ended;

    /**
     * No claims yet.
     *
     * @param ended knows the keys of jobs that are not told of any more
     */
    ObjectClaims(EndedJobs ended) {
        this.ended = ended;
    }

    /** Follows a job from one state to the next. */
    void update(Optional<JobView> before, JobView after) {
        Optional<Output> had = before.flatMap(JobView::claim);
        Optional<Output> has = after.claim();
        if (!had.equals(has)) {
            had.ifPresent(output -> remove(output, after.jobId()));
            has.ifPresent(output -> add(output, after.jobId()));
        }
    }

    /** Lets go of the claim of a job that is not told of any more: its key is remembered without it. */
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

    /** Why the job may not write to the place; empty if it may. In words that follow "a key". */
    Optional<String> objection(Output output) {
        String uri = output.uri();
        if (isTaken(uri) && !output.mayOverwrite()) {
            return Optional.of("that no other video has; " + owner(uri)
                    + " has this one. \"overwrite\": true gives it to this job instead");
        }
        Optional<String> above = folders(uri).stream().filter(this::isTaken).findFirst();
        if (above.isPresent()) {
            return Optional.of("that does not lie beneath another video's: " + owner(above.get()) + " has "
                    + Problem.shorten(above.get()));
        }
        return folders.containsKey(uri) || ended.isFolder(uri)
                ? Optional.of("beneath which no other video lies, as beneath a folder")
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

    /** Every folder of the key, where a store that keeps objects as files would have one. */
    private static List<String> folders(String uri) {
        int bucketEnd = uri.indexOf('/', "s3://".length());
        return IntStream.range(bucketEnd + 1, uri.length())
                .filter(i -> uri.charAt(i) == '/')
                .mapToObj(i -> uri.substring(0, i))
                .toList();
    }
}
