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
 * The participants of a comparison.
 *
 * @param entrants the participants, the uncached run first
 * @param left the excluded entrants, with reasons
 * @param warnings profiles that were made under different conditions, or with prompts of this evaluation
 * @param settings settings of each entrant, by name
 */
record Lineup(List<Entrant> entrants, List<Left> left, List<String> warnings, Map<String, ResolvedSettings> settings) {

    /** An entrant excluded because of the model, the size of the video, the number of steps or a missing profile. */
    record Left(String name, String reason) {}

    /**
     * Checks every entrant.
     *
     * @param strict whether an entrant that does not fit is an error
     * @param trial creates an entrant's policy; throws {@link IllegalArgumentException} if it does not fit, and reports
     *     profiles that do not quite match
     * @throws IllegalArgumentException if an entrant does not fit and {@code strict} is set, or if the uncached run
     *     does not fit
     */
    static Lineup of(List<Entrant> all, boolean strict, BiFunction<Entrant, Consumer<String>, CachePolicy> trial) {
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
        return new Lineup(entrants, left, warnings, settings);
    }

    /**
     * Rejects runs that an entrant made with other settings: its name does not contain settings that were left open.
     *
     * @param runs existing runs; those of an early version, which did not record their settings, are accepted
     * @throws IllegalArgumentException naming the first such policy
     */
    void requireSame(List<RunRecord> runs) {
        for (RunRecord run : runs) {
            ResolvedSettings now = settings.get(run.policy());
            if (now != null
                    && run.settings().filter(then -> !then.equals(now.digest())).isPresent()) {
                throw new IllegalArgumentException(
                        "policy '" + run.policy() + "' has runs in --out with other settings than"
                                + " it has now, allowed are the same or a new folder; now they are " + now.values());
            }
        }
    }

    /** The digest of an entrant's settings. */
    String digest(Entrant entrant) {
        return Objects.requireNonNull(settings.get(entrant.name())).digest();
    }
}
