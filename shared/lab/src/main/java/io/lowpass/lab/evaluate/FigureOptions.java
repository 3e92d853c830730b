package io.lowpass.lab.evaluate;

import io.lowpass.lab.evaluate.figures.FigureSettings;
import io.lowpass.lab.evaluate.figures.Figures;
import io.lowpass.lab.options.VideoOptions;
import io.lowpass.lab.options.VideoSettings.Prompt;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of the paper's Figures 3 to 6. */
final class FigureOptions {

    @Option(
            names = "--figures",
            paramLabel = "N",
            defaultValue = "2",
            description = "number of prompts for the paper's Figures 3 to 6; 0 for none (${DEFAULT-VALUE})")
    private int prompts;

    @Option(
            names = "--figure-stride",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "distance of the steps whose reuse is measured, each costing about 1.5 videos (${DEFAULT-VALUE})")
    private int stride;

    /**
     * Refuses what cannot be used.
     *
     * @throws IllegalArgumentException naming option, value and what is allowed
     */
    void check() {
        VideoOptions.require(prompts >= 0, "--figures", prompts, "at least 0");
        VideoOptions.require(stride >= 1, "--figure-stride", stride, "at least 1");
    }

    /** Opens the figures of an evaluation in its folder, of its first prompts with their first seed. */
    Figures open(EvaluateSettings settings) throws IOException {
        EvaluationConditions conditions = settings.conditions();
        List<Prompt> measured = conditions.pairs().stream()
                .limit(Math.min(prompts, conditions.prompts().size()))
                .map(pair -> new Prompt(pair.text(), pair.seed()))
                .toList();
        return Figures.open(
                settings.out(), conditions.digest(), new FigureSettings(settings.video(), measured, stride));
    }
}
