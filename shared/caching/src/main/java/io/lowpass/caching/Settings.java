package io.lowpass.caching;

/** Checks of what a method is set to. */
public final class Settings {

    private Settings() {}

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
     * Requires that steps are left after those that are computed in any case.
     *
     * @throws IllegalArgumentException naming both
     */
    public static void requireStepsAfter(int forced, int steps) {
        if (steps <= forced) {
            throw new IllegalArgumentException(
                    "steps " + steps + " leave nothing to reuse beside " + forced + " that are always computed");
        }
    }
}
