package io.lowpass.diffusion.schedulers.noise;

import java.util.OptionalDouble;

/**
 * The spacing and range of sigmas.
 *
 * @param form the spacing
 * @param first the highest, {@code sigma_max}, if it differs from the schedule
 * @param last the lowest, {@code sigma_min}, if it differs from the schedule
 */
public record SigmaRange(SigmaSpacing form, OptionalDouble first, OptionalDouble last) {

    /** The range of the schedule. */
    public SigmaRange(SigmaSpacing form) {
        this(form, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** Sigmas from noisy to clean, for a schedule from {@code highest} to {@code lowest}. */
    public double[] of(double highest, double lowest, int count) {
        return form.between(first.orElse(highest), last.orElse(lowest), count);
    }
}
