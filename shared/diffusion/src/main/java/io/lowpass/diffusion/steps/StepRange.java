package io.lowpass.diffusion.steps;

/**
 * The steps of a generation that one expert predicts.
 *
 * @param first index of its first step, from 0 (highest noise)
 * @param count number of its steps, at least 1
 * @param total number of steps of the generation
 */
public record StepRange(int first, int count, int total) {

    /** Validates the range. */
    public StepRange {
        if (first < 0 || count < 1 || first + count > total) {
            throw new IllegalArgumentException(
                    "steps " + first + " to " + (first + count - 1) + " are not within 0 to " + (total - 1));
        }
    }

    /** Whether these are all steps. */
    public boolean isWhole() {
        return count == total;
    }
}
