package io.lowpass.lab.evaluate.figures;

import io.lowpass.contracts.EventJson;
import io.lowpass.lab.options.VideoSettings.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was measured so far, in a file that outlives an interruption: a line for each prompt. */
final class FigureLog {

    private static final String NAME = "figures.jsonl";

    private final Path file;
    private final String conditions;
    private final List<PromptFigures> lines;

    private FigureLog(Path file, String conditions, List<PromptFigures> lines) {
        this.file = file;
        this.conditions = conditions;
        this.lines = lines;
    }

    /**
     * Opens the folder's log, or begins one.
     *
     * @param conditions lines under others are left where they are and not used
     * @throws IllegalArgumentException if a line is not what it must be
     */
    static FigureLog open(Path folder, String conditions) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        List<PromptFigures> lines = new ArrayList<>();
        String content = Files.exists(file) ? Files.readString(file) : "";
        // Without its end, a line is what a process left that was stopped while it wrote.
        String whole = content.substring(0, content.lastIndexOf('\n') + 1);
        if (!whole.equals(content)) {
            Files.writeString(file, whole);
        }
        for (String line : whole.lines().toList()) {
            lines.add(EventJson.read(line, PromptFigures.class));
        }
        return new FigureLog(file, conditions, lines);
    }

    /** What was measured on a prompt under these conditions, at every step. */
    Optional<PromptFigures> find(Prompt prompt) {
        return lines.stream()
                .filter(line -> line.conditions().equals(conditions)
                        && line.isComplete()
                        && line.text().equals(prompt.text())
                        && line.seed() == prompt.seed())
                .findFirst();
    }

    /** Adds a prompt, which is on disk when this returns. */
    void add(PromptFigures figures) throws IOException {
        Files.writeString(
                file,
                EventJson.text(figures) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
        lines.add(figures);
    }
}
