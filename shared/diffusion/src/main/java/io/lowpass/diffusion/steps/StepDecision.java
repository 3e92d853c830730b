package io.lowpass.diffusion.steps;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The decision of a cache at one step.
 *
 * @param action what it did
 * @param reason the rule that decided, in one or two words ("warm-up", "lfd", "last step")
 * @param distance the change that the method measured at this step
 * @param accumulated the change since the last computed step
 * @param threshold the accumulated change at which a step is computed
 * @param blocks decisions within the blocks, for methods that work there
 */
public record StepDecision(
        Action action,
        String reason,
        OptionalDouble distance,
        OptionalDouble accumulated,
        OptionalDouble threshold,
        Optional<BlockDecision> blocks) {

    /** What a cache did with a step. */
    public enum Action {
        /** The network ran. */
        COMPUTE,
        /** An earlier result was reused. */
        REUSE,
        /** An earlier result was extrapolated. */
        FORECAST
    }

    /**
     * The decisions within the blocks of a computed step.
     *
     * @param refreshed whether every block ran and was measured
     * @param skipped indices of the blocks that were replayed, from 0
     * @param norms L2 norm of each block's residual, if measured
     * @param nextSkipped the blocks that later steps will replay, if chosen
     */
    public record BlockDecision(
            boolean refreshed, List<Integer> skipped, List<Double> norms, List<Integer> nextSkipped) {}

    /** A computed step of a method that measures nothing. */
    public static StepDecision computed(String reason) {
        return of(Action.COMPUTE, reason);
    }

    /** A decision of a method that measures nothing. */
    public static StepDecision of(Action action, String reason) {
        return new StepDecision(
                action,
                reason,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }

    /** A copy with decisions within the blocks. */
    public StepDecision withBlocks(BlockDecision done) {
        return new StepDecision(action, reason, distance, accumulated, threshold, Optional.of(done));
    }
}
