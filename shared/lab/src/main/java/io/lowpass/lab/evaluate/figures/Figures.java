package io.lowpass.lab.evaluate.figures;

import io.lowpass.generation.WholePipeline;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.lab.plot.Markup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The paper's Figures 3 to 6 for a model, measured prompt by prompt and kept in a folder. */
public final class Figures {

    private final FigureSettings settings;
    private final String conditions;
    private final FigureLog log;

    private Figures(FigureSettings settings, String conditions, FigureLog log) {
        this.settings = settings;
        this.conditions = conditions;
        this.log = log;
    }

    /**
     * Opens what was measured so far.
     *
     * @param folder where {@code figures.jsonl} lies, or will
     * @param conditions a text that differs if the model or anything else does that changes what is measured
     * @throws IllegalArgumentException if the file has a line that was not written here
     */
    public static Figures open(Path folder, String conditions, FigureSettings settings) throws IOException {
        String all = conditions + "-" + settings.stride();
        return new Figures(settings, all, FigureLog.open(folder, all));
    }

    /**
     * Measures the prompts that are missing.
     *
     * @param progress told of each part in a line
     * @param mayBegin asked before each prompt; once it says no, the rest is left for another call
     */
    public void run(WholePipeline pipeline, Consumer<String> progress, BooleanSupplier mayBegin) throws IOException {
        FigureRuns runs = new FigureRuns(pipeline, settings, conditions, progress);
        for (Prompt prompt : settings.prompts()) {
            if (log.find(prompt).isEmpty()) {
                if (!mayBegin.getAsBoolean()) {
                    return;
                }
                log.add(runs.measure(prompt));
            }
        }
    }

    /** The figures as sections of a page; none without a prompt that was measured. */
    public List<Markup> sections() {
        List<PromptFigures> done = measured();
        return done.isEmpty() ? List.of() : new FigureSections(done).all();
    }

    /** Everything that was measured and how it agrees, for a report in JSON; empty without a prompt. */
    public Map<String, Object> report() {
        List<PromptFigures> done = measured();
        return done.isEmpty()
                ? Map.of()
                : Map.of(
                        "prompts", done,
                        "agreementWithInfluence", Agreement.withInfluence(done),
                        "agreementOfProbes", Agreement.ofProbes(done));
    }

    private List<PromptFigures> measured() {
        return settings.prompts().stream()
                .map(log::find)
                .flatMap(Optional::stream)
                .toList();
    }
}
