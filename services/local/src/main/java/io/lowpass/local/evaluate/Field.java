package io.lowpass.local.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Who takes part.
 *
 * @param entrants those that can, the uncached run first
 * @param left those that cannot, and why
 * @param warnings where a profile of the model was made under other conditions
 */
record Field(List<Entrant> entrants, List<Left> left, List<String> warnings) {

    /** An entrant that the model, the size of the video, the number of steps or a missing profile keeps out. */
    record Left(String name, String reason) {}

    /**
     * Tries every entrant.
     *
     * @param strict whether one that cannot take part is an error
     * @param trial throws {@link IllegalArgumentException} if it cannot; tells of profiles that do not quite match
     * @throws IllegalArgumentException if one cannot take part and that is an error, or if the uncached run cannot
     */
    static Field of(List<Entrant> all, boolean strict, BiConsumer<Entrant, Consumer<String>> trial) {
        List<Entrant> entrants = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        for (Entrant entrant : all) {
            try {
                trial.accept(entrant, warning -> warnings.add(entrant.name() + ": " + warning));
                entrants.add(entrant);
            } catch (IllegalArgumentException e) {
                if (strict || entrant.isUncached()) {
                    throw new IllegalArgumentException("policy '" + entrant.name() + "': " + e.getMessage(), e);
                }
                left.add(new Left(entrant.name(), String.valueOf(e.getMessage())));
            }
        }
        return new Field(entrants, left, warnings);
    }
}
