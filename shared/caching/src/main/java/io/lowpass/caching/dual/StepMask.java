package io.lowpass.caching.dual;

import io.lowpass.diffusion.Step;
import io.lowpass.diffusion.StepRange;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which steps of a generation are computed whatever their blocks say, as cache-dit's {@code steps_computation_mask}.
 *
 * @param computed for each step whether it is computed; the first is, since before it there is nothing to reuse
 * @param policy what becomes of the others
 */
public record StepMask(List<Boolean> computed, Policy policy) {

    /** What becomes of steps that need not be computed. */
    public enum Policy {
        /** The first blocks decide, within the limits. */
        DYNAMIC,
        /** They are reused, whatever the first blocks, the threshold and the limits say. */
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
     * Requires a mask of as many steps, of which some may be reused.
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

    /** The expert's section, of which the first step is always computed: its blocks never ran before. */
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
