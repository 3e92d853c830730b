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

/** The measurements so far, in a file that survives interruptions: one line per prompt. */
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
     * Opens or creates the folder's log.
     *
     * @param conditions lines under other conditions are kept and ignored
     * @throws IllegalArgumentException if a line is invalid
     */
    static FigureLog open(Path folder, String conditions) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(NAME);
        List<PromptFigures> lines = new ArrayList<>();
        String content = Files.exists(file) ? Files.readString(file) : "";
        // An incomplete line was left by a process that was stopped while writing.
        String whole = content.substring(0, content.lastIndexOf('\n') + 1);
        if (!whole.equals(content)) {
            Files.writeString(file, whole);
        }
        for (String line : whole.lines().toList()) {
            lines.add(EventJson.read(line, PromptFigures.class));
        }
        return new FigureLog(file, conditions, lines);
    }

    /** The complete measurements of a prompt under these conditions. */
    Optional<PromptFigures> find(Prompt prompt) {
        return lines.stream()
                .filter(line -> line.conditions().equals(conditions)
                        && line.isComplete()
                        && line.text().equals(prompt.text())
                        && line.seed() == prompt.seed())
                .findFirst();
    }

    /** Adds a prompt; it is on disk when this returns. */
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
