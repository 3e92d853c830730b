package io.lowpass.caching.firstblock;

import io.lowpass.caching.BlockResidual;
import io.lowpass.caching.BranchDecisions;
import io.lowpass.caching.Change;
import io.lowpass.caching.Kept;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.Settings;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Decision;
import io.lowpass.diffusion.Decision.Kind;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Features;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Step;

/**
 * Runs the first block, and the others only if what it adds has changed since they last ran. Each branch decides for
 * itself.
 *
 * @param threshold relative change up to which the others are replayed; 0 never reuses
 */
public record FirstBlockCache(double threshold) implements CachePolicy {

    public FirstBlockCache {
        Settings.requireAtLeastZero("threshold", threshold);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        if (model.depth() < 2) {
            throw new IllegalArgumentException("depth " + model.depth() + " leaves no block behind the first");
        }
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private final class Session implements FeatureCache {

        private final PerBranch<State> states;
        private final BranchDecisions decisions = new BranchDecisions();

        Session(Generation generation) {
            states = new PerBranch<>(() -> new State(generation));
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            State state = states.of(branch);
            Features first = stack.run(0, 1, stack.input());
            Features added = first.minus(stack.input());
            Decision decision = state.decide(added);
            decisions.note(step, decision);
            if (decision.kind() == Kind.REUSE) {
                return state.others.replay(first);
            }
            state.first.set(added);
            return state.others.compute(stack, 1, stack.depth(), first);
        }

        @Override
        public Decision decision(Step step) {
            return decisions.decision();
        }
    }

    private final class State {

        private final Kept first;
        private final BlockResidual others;

        State(Generation generation) {
            first = new Kept(generation.memory());
            others = new BlockResidual(generation.memory());
        }

        Decision decide(Features added) {
            if (first.isEmpty()) {
                return Decision.computed("first step");
            }
            double change = Change.relative(added.video(), first.array());
            return BranchDecisions.measured(
                    isRedundant(change) ? Kind.REUSE : Kind.COMPUTE, "first block", change, change, threshold);
        }

        /** Whether the first block does nearly what it did when the others last ran. */
        private boolean isRedundant(double change) {
            return threshold > 0 && change <= threshold;
        }
    }
}
