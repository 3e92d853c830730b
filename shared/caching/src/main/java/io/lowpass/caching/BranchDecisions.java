package io.lowpass.caching;

import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.Optional;
import java.util.OptionalDouble;

/** Combines the decisions of the branches into one for the step: a step counts as computed if any branch is. */
public final class BranchDecisions {

    private int step = -1;
    private StepDecision decision = StepDecision.computed("first step");

    /** Records the decision of a branch; the measured values are those of the first branch. */
    public void note(Step at, StepDecision branch) {
        boolean first = at.index() != step;
        if (first || (branch.action() == Action.COMPUTE && decision.action() != Action.COMPUTE)) {
            decision = branch;
        }
        step = at.index();
    }

    /** The decision of the last step. */
    public StepDecision decision() {
        return decision;
    }

    /** A decision of a method that compares a sum of distances with a threshold. */
    public static StepDecision measured(
            Action kind, String reason, double distance, double accumulated, double threshold) {
        return new StepDecision(
                kind,
                reason,
                OptionalDouble.of(distance),
                OptionalDouble.of(accumulated),
                OptionalDouble.of(threshold),
                Optional.empty());
    }
}
