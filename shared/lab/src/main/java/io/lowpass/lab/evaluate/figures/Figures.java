package io.lowpass.lab.evaluate.figures;

import io.lowpass.generation.VideoPipeline;
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
     * Opens the existing measurements.
     *
     * @param folder folder of {@code figures.jsonl}
     * @param conditions a text that differs if the model or anything else that affects the results differs
     * @throws IllegalArgumentException if the file has an invalid line
     */
    public static Figures open(Path folder, String conditions, FigureSettings settings) throws IOException {
        String all = conditions + "-" + settings.stride();
        return new Figures(settings, all, FigureLog.open(folder, all));
    }

    /**
     * Measures the missing prompts.
     *
     * @param progress receives one line per part
     * @param mayBegin checked before each prompt; once it is false, the rest is left for another run
     */
    public void run(VideoPipeline pipeline, Consumer<String> progress, BooleanSupplier mayBegin) throws IOException {
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

    /** All measurements and their agreement, for a report in JSON; empty without a prompt. */
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
