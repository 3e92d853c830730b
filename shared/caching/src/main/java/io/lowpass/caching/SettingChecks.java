package io.lowpass.caching;

/** Validates the settings of caching methods. */
public final class SettingChecks {

    /** The largest number of steps of distilled models. */
    public static final int FEW_STEPS = 8;

    private SettingChecks() {}

    /**
     * Requires a number of at least 0.
     *
     * @throws IllegalArgumentException naming the setting and its value
     */
    public static void requireAtLeastZero(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " " + value + " is not a number of at least 0");
        }
    }

    /**
     * Requires a whole number of at least {@code least}.
     *
     * @throws IllegalArgumentException naming the setting and its value
     */
    public static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " " + value + " is not at least " + least);
        }
    }

    /**
     * Requires more steps than distilled models use: with so few, each step matters too much to be skipped.
     *
     * @throws IllegalArgumentException naming the number of steps
     */
    public static void requireManySteps(int steps) {
        if (steps <= FEW_STEPS) {
            throw new IllegalArgumentException(
                    "steps " + steps + " are too few to reuse any: with so few steps each one"
                            + " matters, and caching needs at least " + (FEW_STEPS + 1));
        }
    }

    /**
     * Requires that some steps are left beside those that are always computed, and that there are not too few.
     *
     * @throws IllegalArgumentException naming both
     */
    public static void requireStepsAfter(int forced, int steps) {
        requireManySteps(steps);
        if (steps <= forced) {
            throw new IllegalArgumentException(
                    "steps " + steps + " leave nothing to reuse beside " + forced + " that are always computed");
        }
    }
}
