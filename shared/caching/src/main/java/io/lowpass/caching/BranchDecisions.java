package io.lowpass.caching;

import io.lowpass.diffusion.Decision;
import io.lowpass.diffusion.Decision.Kind;
import io.lowpass.diffusion.Step;
import java.util.Optional;
import java.util.OptionalDouble;

/** One decision for a step out of those of its branches: a step counts as computed if any branch is. */
public final class BranchDecisions {

    private int step = -1;
    private Decision decision = Decision.computed("first step");

    /** Notes what a branch decided; what was measured is told of the branch that comes first. */
    public void note(Step at, Decision branch) {
        boolean first = at.index() != step;
        if (first || (branch.kind() == Kind.COMPUTE && decision.kind() != Kind.COMPUTE)) {
            decision = branch;
        }
        step = at.index();
    }

    /** The decision of the last step. */
    public Decision decision() {
        return decision;
    }

    /** A decision of a method that compares a sum of distances with a threshold. */
    public static Decision measured(Kind kind, String reason, double distance, double accumulated, double threshold) {
        return new Decision(
                kind,
                reason,
                OptionalDouble.of(distance),
                OptionalDouble.of(accumulated),
                OptionalDouble.of(threshold),
                Optional.empty());
    }
}
