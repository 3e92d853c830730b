package io.lowpass.caching.dual;

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
import java.util.Optional;

/**
 * Runs the first blocks, and those behind them only if what the first ones add has changed since all last ran; the last
 * blocks always run. Each branch decides, and counts, for itself.
 *
 * @param first number of blocks that decide (Fn)
 * @param last number of blocks at the end that always run (Bn)
 * @param threshold relative change below which the blocks in between are replayed; 0 never reuses
 * @param limits when they run all the same
 */
public record DualBlockCache(int first, int last, double threshold, Limits limits) implements CachePolicy {

    /**
     * When the blocks in between run whatever the first ones say.
     *
     * @param warmUp steps at the start
     * @param maxCached most steps of a generation that reuse; 0 is no limit
     * @param maxConsecutive most steps in a row that reuse; 0 is no limit
     * @param maxAccumulated summed change of the steps that reused at which no more do; 0 is no limit
     */
    public record Limits(int warmUp, int maxCached, int maxConsecutive, double maxAccumulated) {

        /** The first blocks alone decide. */
        public static final Limits NONE = new Limits(0, 0, 0, 0);

        public Limits {
            Settings.requireAtLeast("warmUp", warmUp, 0);
            Settings.requireAtLeast("maxCached", maxCached, 0);
            Settings.requireAtLeast("maxConsecutive", maxConsecutive, 0);
            Settings.requireAtLeastZero("maxAccumulated", maxAccumulated);
        }
    }

    public DualBlockCache {
        Settings.requireAtLeast("fn", first, 1);
        Settings.requireAtLeast("bn", last, 0);
        Settings.requireAtLeastZero("threshold", threshold);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        Settings.requireStepsAfter(Math.max(1, limits.warmUp()), steps);
        if (first + last >= model.depth()) {
            throw new IllegalArgumentException(
                    "fn " + first + " and bn " + last + " leave nothing to reuse of " + model.depth() + " blocks");
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
            int behind = stack.depth() - last;
            Features head = stack.run(0, first, stack.input());
            Features added = head.minus(stack.input());
            Decision decision = state.decide(step, added);
            decisions.note(step, decision);
            Features middle;
            if (decision.kind() == Kind.REUSE) {
                middle = state.between.replay(head);
            } else {
                state.head.set(added);
                middle = state.between.compute(stack, first, behind, head);
            }
            return last == 0 ? middle : stack.run(behind, stack.depth(), middle);
        }

        @Override
        public Decision decision(Step step) {
            return decisions.decision();
        }
    }

    private final class State {

        private final Kept head;
        private final BlockResidual between;
        private int cached;
        private int consecutive;
        private double accumulated;

        State(Generation generation) {
            head = new Kept(generation.memory());
            between = new BlockResidual(generation.memory());
        }

        Decision decide(Step step, Features added) {
            Optional<String> forced = forced(step);
            if (forced.isPresent()) {
                consecutive = 0;
                return Decision.computed(forced.get());
            }
            double change = Change.relative(added.video(), head.array());
            boolean redundant = change < threshold;
            cached += redundant ? 1 : 0;
            consecutive = redundant ? consecutive + 1 : 0;
            accumulated += redundant ? change : 0;
            return BranchDecisions.measured(
                    redundant ? Kind.REUSE : Kind.COMPUTE, "first blocks", change, accumulated, threshold);
        }

        private Optional<String> forced(Step step) {
            if (step.index() < limits.warmUp() || head.isEmpty()) {
                return Optional.of("warm-up");
            } else if (limits.maxCached() > 0 && cached >= limits.maxCached()) {
                return Optional.of("most cached");
            } else if (limits.maxConsecutive() > 0 && consecutive >= limits.maxConsecutive()) {
                return Optional.of("most in a row");
            } else if (limits.maxAccumulated() > 0 && accumulated >= limits.maxAccumulated()) {
                return Optional.of("most change");
            }
            return Optional.empty();
        }
    }
}
