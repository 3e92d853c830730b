package io.lowpass.diffusion.schedulers;

import java.util.OptionalDouble;

/**
 * How levels lie between the first and the last of a schedule, or between others.
 *
 * @param form how they lie
 * @param first the highest, {@code sigma_max}, if it is not that of the schedule
 * @param last the lowest, {@code sigma_min}, if it is not that of the schedule
 */
record SigmaRange(SigmaSpacing form, OptionalDouble first, OptionalDouble last) {

    /** Between the first and the last of a schedule. */
    SigmaRange(SigmaSpacing form) {
        this(form, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** So many levels, from noisy to clean, for a schedule that has them from {@code highest} to {@code lowest}. */
    double[] of(double highest, double lowest, int count) {
        return form.between(first.orElse(highest), last.orElse(lowest), count);
    }
}
