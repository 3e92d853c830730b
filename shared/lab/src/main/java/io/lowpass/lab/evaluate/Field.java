package io.lowpass.lab.evaluate;

import io.lowpass.diffusion.CachePolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Who takes part.
 *
 * @param entrants those that can, the uncached run first
 * @param left those that cannot, and why
 * @param warnings where a profile of the model was made under other conditions, or with prompts of this evaluation
 * @param settings of each entrant, by its name
 */
record Field(List<Entrant> entrants, List<Left> left, List<String> warnings, Map<String, ResolvedSettings> settings) {

    /** An entrant that the model, the size of the video, the number of steps or a missing profile keeps out. */
    record Left(String name, String reason) {}

    /**
     * Tries every entrant.
     *
     * @param strict whether one that cannot take part is an error
     * @param trial makes an entrant's policy; throws {@link IllegalArgumentException} if it cannot take part; tells of
     *     profiles that do not quite match
     * @throws IllegalArgumentException if one cannot take part and that is an error, or if the uncached run cannot
     */
    static Field of(List<Entrant> all, boolean strict, BiFunction<Entrant, Consumer<String>, CachePolicy> trial) {
        List<Entrant> entrants = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        Map<String, ResolvedSettings> settings = new LinkedHashMap<>();
        for (Entrant entrant : all) {
            try {
                CachePolicy policy = trial.apply(entrant, warning -> warnings.add(entrant.name() + ": " + warning));
                settings.put(entrant.name(), ResolvedSettings.of(policy));
                entrants.add(entrant);
            } catch (IllegalArgumentException e) {
                if (strict || entrant.isUncached()) {
                    throw new IllegalArgumentException("policy '" + entrant.name() + "': " + e.getMessage(), e);
                }
                left.add(new Left(entrant.name(), String.valueOf(e.getMessage())));
            }
        }
        return new Field(entrants, left, warnings, settings);
    }

    /**
     * Refuses runs that an entrant made with other settings: its name says only what was not left open.
     *
     * @param runs so far; those of an early version, which did not note their settings, are taken as they are
     * @throws IllegalArgumentException naming the first such policy
     */
    void requireSame(List<Run> runs) {
        for (Run run : runs) {
            ResolvedSettings now = settings.get(run.policy());
            if (now != null
                    && run.settings().filter(then -> !then.equals(now.digest())).isPresent()) {
                throw new IllegalArgumentException(
                        "policy '" + run.policy() + "' has runs in --out with other settings than"
                                + " it has now, allowed are the same or a new folder; now they are " + now.values());
            }
        }
    }

    /** What names the settings of an entrant. */
    String digest(Entrant entrant) {
        return Objects.requireNonNull(settings.get(entrant.name())).digest();
    }
}
