package io.lowpass.local.evaluate;

import io.lowpass.local.options.PolicyReader;
import io.lowpass.local.pipeline.VideoSettings.Prompt;
import io.lowpass.local.pipeline.WholePipeline;
import java.util.ArrayList;
import java.util.List;

/**
 * Who takes part.
 *
 * @param entrants those that can, the uncached run first
 * @param left those that cannot, and why
 * @param warnings where a profile of the model was made under other conditions
 */
record Field(List<Entrant> entrants, List<Left> left, List<String> warnings) {

    /** An entrant that the model, the number of steps or a missing profile keeps out. */
    record Left(String name, String reason) {}

    /**
     * Looks at every entrant before anything runs.
     *
     * @throws IllegalArgumentException if one cannot take part and the settings are strict, or if the uncached run cannot
     */
    static Field of(EvaluateSettings settings, PolicyReader policies, WholePipeline pipeline) {
        Conditions conditions = settings.conditions();
        List<String> warnings = new ArrayList<>();
        Prompt any = new Prompt(conditions.prompts().get(0), 0);
        List<Entrant> entrants = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        for (Entrant entrant : settings.suite().entrants(conditions.steps())) {
            try {
                pipeline.requireFit(conditions
                        .video()
                        .plan(
                                entrant.contender(),
                                any,
                                policies,
                                settings.precision(),
                                text -> warnings.add(entrant.name() + ": " + text)));
                entrants.add(entrant);
            } catch (IllegalArgumentException e) {
                if (settings.strict() || entrant.isUncached()) {
                    throw new IllegalArgumentException("policy '" + entrant.name() + "': " + e.getMessage(), e);
                }
                left.add(new Left(entrant.name(), String.valueOf(e.getMessage())));
            }
        }
        return new Field(entrants, left, warnings.stream().distinct().toList());
    }
}
