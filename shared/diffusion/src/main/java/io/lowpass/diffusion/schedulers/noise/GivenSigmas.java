package io.lowpass.diffusion.schedulers.noise;

import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import java.util.List;
import java.util.Optional;

/**
 * Noise levels that a pipeline hands to its scheduler, which shifts them; none where the scheduler makes its own.
 *
 * @param even whether they are 1, 1 - 1/N, ..., 1/N
 * @param list one for each step, each below the one before it, if a request gives them
 */
public record GivenSigmas(boolean even, List<Double> list) {

    /** The scheduler makes its own. */
    public static final GivenSigmas NONE = new GivenSigmas(false, List.of());

    public GivenSigmas {
        list = List.copyOf(list);
        for (int i = 0; i < list.size(); i++) {
            double sigma = list.get(i);
            boolean descends = i == 0 || (float) sigma < list.get(i - 1).floatValue();
            if (!((float) sigma > 0 && sigma <= 1 && descends)) {
                throw new IllegalArgumentException("sigmas is " + list
                        + ", allowed is numbers above 0 and at most 1, of which each is below the" + " one before it");
            }
        }
    }

    /** Levels from a config, which has no list. */
    public static GivenSigmas of(SchedulerConfig config) {
        return new GivenSigmas(config.flag(FlowMatchEuler.EVEN, false), List.of());
    }

    /** Levels of a request in place of others. */
    public GivenSigmas with(List<Double> sigmas) {
        return new GivenSigmas(even, sigmas);
    }

    /**
     * The levels of a number of steps.
     *
     * @throws IllegalArgumentException if there are not as many
     */
    public Optional<double[]> forSteps(int steps) {
        if (list.isEmpty()) {
            return even ? Optional.of(Sigmas.spaced(1, 1.0 / steps, steps)) : Optional.empty();
        }
        if (list.size() != steps) {
            throw new IllegalArgumentException(
                    "steps is " + steps + ", allowed is " + list.size() + ", the number of sigmas");
        }
        return Optional.of(list.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Requires that levels of a request are told apart after they are shifted, too.
     *
     * @throws IllegalArgumentException if they are not
     */
    public void requireDescending(double[] shifted) {
        for (int i = 0; i < shifted.length && !list.isEmpty(); i++) {
            boolean descends = i == 0 || (float) shifted[i] < (float) shifted[i - 1];
            if (!((float) shifted[i] > 0 && descends)) {
                throw new IllegalArgumentException("sigmas is " + list
                        + ", allowed is numbers that differ in 32 bits after they are shifted by flowShift");
            }
        }
    }
}
