package io.lowpass.trials.chaos;

import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.trials.chaos.Findings.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contents of the store's folder: objects are files, and so are parts of unfinished uploads. */
record StoredObjects(Path folder) {

    /** Reports files that are not objects of completed jobs, and missing objects. */
    void check(JobHistory history, Findings findings) throws IOException {
        Set<String> told = history.jobs().stream()
                .flatMap(job -> job.ends().stream())
                .filter(Completed.class::isInstance)
                .map(end -> ((Completed) end).output())
                .map(video -> video.bucket() + "/" + video.key())
                .collect(Collectors.toSet());
        List<String> there = files();
        there.stream()
                .filter(file -> !told.contains(file))
                .forEach(file -> findings.add(Violation.ORPHANS, file + " belongs to no completed job"));
        told.stream()
                .filter(file -> !there.contains(file))
                .forEach(file -> findings.add(Violation.LOST, file + " is not in the store"));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
