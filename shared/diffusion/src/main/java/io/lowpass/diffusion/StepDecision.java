package io.lowpass.diffusion;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a cache did at one step, and why.
 *
 * @param action what became of the step
 * @param reason the rule that decided, in one or two words ("warm-up", "lfd", "last step")
 * @param distance the change that the method measured at this step
 * @param accumulated the change since the last computed step
 * @param threshold the accumulated change at which a step is computed
 * @param blocks what was done within the blocks, for methods that work there
 */
public record StepDecision(
        Action action,
        String reason,
        OptionalDouble distance,
        OptionalDouble accumulated,
        OptionalDouble threshold,
        Optional<BlockDecision> blocks) {

    /** What became of a step. */
    public enum Action {
        /** The network ran. */
        COMPUTE,
        /** An earlier result was taken again. */
        REUSE,
        /** An earlier result was extrapolated. */
        FORECAST
    }

    /**
     * What was done within the blocks of a computed step.
     *
     * @param refreshed whether every block ran and was measured
     * @param skipped the blocks that were replayed, by index from 0
     * @param norms the L2 norm of what each block added, where it was measured
     * @param nextSkipped the blocks that later steps will replay, where they were chosen
     */
    public record BlockDecision(
            boolean refreshed, List<Integer> skipped, List<Double> norms, List<Integer> nextSkipped) {}

    /** A step that ran, by a method that measures nothing. */
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

    /** The same decision with what was done within the blocks. */
    public StepDecision withBlocks(BlockDecision done) {
        return new StepDecision(action, reason, distance, accumulated, threshold, Optional.of(done));
    }
}
