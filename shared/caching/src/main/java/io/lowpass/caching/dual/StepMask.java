package io.lowpass.caching.dual;

import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepRange;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which steps are always computed, as cache-dit's {@code steps_computation_mask}.
 *
 * @param computed for each step whether it is always computed; true for the first, which has nothing to reuse
 * @param policy how the other steps are handled
 */
public record StepMask(List<Boolean> computed, Policy policy) {

    /** How the other steps are handled. */
    public enum Policy {
        /** The first blocks decide, within the limits. */
        DYNAMIC,
        /** They are always reused, whatever the first blocks, the threshold and the limits say. */
        STATIC
    }

    public StepMask {
        computed = List.copyOf(computed);
        if (computed.isEmpty() || !computed.get(0)) {
            throw new IllegalArgumentException("computeMask " + shown(computed)
                    + " does not begin with 1: before the first computed step there is nothing to reuse");
        }
    }

    /**
     * Requires one value per step, and at least one step that may be reused.
     *
     * @throws IllegalArgumentException naming the mask
     */
    void requireFit(int steps) {
        if (computed.size() != steps) {
            throw new IllegalArgumentException("computeMask " + shown(computed) + " has " + computed.size()
                    + " values, allowed is one for each of " + steps + " steps");
        }
        if (!computed.contains(false)) {
            throw new IllegalArgumentException(
                    "computeMask " + shown(computed) + " leaves nothing to reuse: it must have a 0");
        }
    }

    /** The part for one expert; its first step is always computed, since its blocks have never run. */
    StepMask within(StepRange steps) {
        requireFit(steps.total());
        return new StepMask(
                IntStream.range(0, steps.count())
                        .mapToObj(step -> step == 0 || computed.get(steps.first() + step))
                        .toList(),
                policy);
    }

    boolean isComputed(Step step) {
        return computed.get(step.index());
    }

    private static String shown(List<Boolean> computed) {
        return computed.stream().map(step -> step ? "1" : "0").collect(Collectors.joining());
    }
}
