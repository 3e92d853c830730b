package io.lowpass.lab.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.EventJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The log of an evaluation's runs in its folder, which survives interruptions. */
final class RunLog {

    private static final String SETTINGS = "settings.json";
    private static final String RUNS = "runs.jsonl";

    private final Path file;
    private final List<RunRecord> runs;

    private RunLog(Path file, List<RunRecord> runs) {
        this.file = file;
        this.runs = runs;
    }

    /**
     * Opens or creates the folder's log.
     *
     * @throws IllegalArgumentException if the folder has runs under other conditions, naming each difference, or an
     *     invalid line
     */
    static RunLog open(Path folder, EvaluationConditions conditions) throws IOException {
        Files.createDirectories(folder);
        Path settings = folder.resolve(SETTINGS);
        if (Files.exists(settings)) {
            requireEqual(folder, EventJson.mapper().readTree(settings.toFile()), conditions);
        } else {
            EventJson.mapper().writerWithDefaultPrettyPrinter().writeValue(settings.toFile(), conditions);
        }
        Path file = folder.resolve(RUNS);
        return new RunLog(file, Files.exists(file) ? read(file, conditions.digest()) : new ArrayList<>());
    }

    private static void requireEqual(Path folder, JsonNode stored, EvaluationConditions conditions) {
        JsonNode wanted = EventJson.mapper().valueToTree(conditions);
        String differing = wanted.properties().stream()
                .filter(field -> !same(field.getValue(), stored.path(field.getKey())))
                .map(field ->
                        field.getKey() + " is " + field.getValue() + ", there it is " + stored.path(field.getKey()))
                .collect(Collectors.joining("; "));
        if (!differing.isEmpty()) {
            throw new IllegalArgumentException("--out '" + folder
                    + "' contains runs with other settings, allowed are the same settings or a new folder: "
                    + differing);
        }
    }

    /** Compares as text, since JSON distinguishes integers from decimals of the same value. */
    private static boolean same(JsonNode wanted, JsonNode stored) {
        return wanted.toString().equals(stored.toString());
    }

    private static List<RunRecord> read(Path file, String digest) throws IOException {
        dropUnfinishedLine(file);
        List<RunRecord> runs = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            runs.add(read(lines.get(i), file + " line " + (i + 1), digest));
        }
        return runs;
    }

    private static RunRecord read(String line, String place, String digest) {
        RunRecord run;
        try {
            run = EventJson.read(line, RunRecord.class);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
        if (!run.conditions().equals(digest)) {
            throw new IllegalArgumentException(
                    place + ": conditions is '" + run.conditions() + "', allowed is " + digest);
        }
        return run;
    }

    /** Removes an incomplete line that a killed process left; its run is repeated. */
    private static void dropUnfinishedLine(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end < bytes.length) {
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.setLength(end);
            }
        }
    }

    /** Adds a run; it is on disk when this returns. */
    void add(RunRecord run) throws IOException {
        byte[] line = (EventJson.text(run) + "\n").getBytes(StandardCharsets.UTF_8);
        Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
        runs.add(run);
    }

    /** Every run so far. */
    List<RunRecord> runs() {
        return List.copyOf(runs);
    }

    boolean has(EvaluationConditions.Pair pair, String policy) {
        return runs.stream().anyMatch(run -> run.isOf(pair) && run.policy().equals(policy));
    }
}
