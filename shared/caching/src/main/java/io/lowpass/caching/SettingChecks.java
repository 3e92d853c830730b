package io.lowpass.caching;

/** Checks of what a method is set to. */
public final class SettingChecks {

    /** So many steps, or fewer, are what distilled models take. */
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
     * Requires more steps than models take that were distilled to do with few: of those, each does so much that taking
     * one again only harms, and nobody has gained by it.
     *
     * @throws IllegalArgumentException naming the number of steps
     */
    public static void requireManySteps(int steps) {
        if (steps <= FEW_STEPS) {
            throw new IllegalArgumentException("steps " + steps + " are too few to reuse any: each of so few does much"
                    + " of the work, and caching needs at least " + (FEW_STEPS + 1));
        }
    }

    /**
     * Requires that steps are left after those that are computed in any case, and that they are not few.
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
