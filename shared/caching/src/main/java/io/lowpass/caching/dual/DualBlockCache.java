package io.lowpass.caching.dual;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.BranchDecisions;
import io.lowpass.caching.Change;
import io.lowpass.caching.Kept;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.Series;
import io.lowpass.caching.Settings;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Features;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Step;
import io.lowpass.diffusion.StepDecision;
import io.lowpass.diffusion.StepDecision.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs the first blocks, and those behind them only if what the first ones add has changed since all last ran; the last
 * blocks always run. Each branch decides, and counts, for itself.
 *
 * @param first number of blocks that decide (Fn)
 * @param last number of blocks at the end that always run (Bn)
 * @param threshold relative change below which the blocks in between are replayed; 0 never reuses
 * @param limits when they run all the same
 * @param scope of which blocks these are the first and the last
 */
public record DualBlockCache(int first, int last, double threshold, Limits limits, Scope scope) implements CachePolicy {

    /** From this threshold on, the reference takes every change for small. */
    private static final double ANY_CHANGE = 1;

    /** Whose first and last blocks run. */
    public enum Scope {
        /**
         * Of each list of the model's blocks, which decides and counts for itself, as in cache-dit. There, a threshold of
         * 1 or more reuses whatever the change, and measures none.
         */
        LIST,
        /** Of the model. */
        MODEL
    }

    /**
     * When the blocks in between run whatever the first ones say.
     *
     * @param warmUp steps at the start
     * @param maxCached most steps of a generation that reuse; 0 is no limit
     * @param maxConsecutive most steps in a row that reuse; 0 is no limit
     * @param maxAccumulated summed change of all steps that were measured at which no more reuse; 0 is no limit
     * @param warmUpInterval distance of the steps of the warm-up that must run; 1 is all
     */
    public record Limits(int warmUp, int maxCached, int maxConsecutive, double maxAccumulated, int warmUpInterval) {

        /** The first blocks alone decide. */
        public static final Limits NONE = new Limits(0, 0, 0, 0);

        public Limits {
            Settings.requireAtLeast("warmUp", warmUp, 0);
            Settings.requireAtLeast("maxCached", maxCached, 0);
            Settings.requireAtLeast("maxConsecutive", maxConsecutive, 0);
            Settings.requireAtLeastZero("maxAccumulated", maxAccumulated);
            Settings.requireAtLeast("warmUpInterval", warmUpInterval, 1);
        }

        /** Limits of a warm-up of which every step runs. */
        public Limits(int warmUp, int maxCached, int maxConsecutive, double maxAccumulated) {
            this(warmUp, maxCached, maxConsecutive, maxAccumulated, 1);
        }

        private boolean isWarmUp(Step step) {
            return step.index() < warmUp && step.index() % warmUpInterval == 0;
        }
    }

    public DualBlockCache {
        Settings.requireAtLeast("fn", first, 1);
        Settings.requireAtLeast("bn", last, 0);
        Settings.requireAtLeastZero("threshold", threshold);
    }

    /** Settings of which each list of blocks makes use. */
    public DualBlockCache(int first, int last, double threshold, Limits limits) {
        this(first, last, threshold, limits, Scope.LIST);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        requireStepsAfterWarmUp(steps);
        requireBlocksBetween(model);
    }

    void requireStepsAfterWarmUp(int steps) {
        Settings.requireStepsAfter(Math.max(1, limits.warmUp()), steps);
    }

    void requireBlocksBetween(ModelOutline model) {
        List<Integer> lists = lists(model);
        if (lists.stream().allMatch(length -> first + last >= length)) {
            throw new IllegalArgumentException(
                    "fn " + first + " and bn " + last + " leave nothing to reuse of " + shown(lists) + " blocks");
        }
        if (lists.stream().anyMatch(length -> first + last > length)) {
            throw new IllegalArgumentException("fn " + first + " and bn " + last
                    + " are more than one of the model's lists has, of " + shown(lists) + " blocks");
        }
    }

    private List<Integer> lists(ModelOutline model) {
        return scope == Scope.LIST ? model.lists() : List.of(model.depth());
    }

    private static String shown(List<Integer> lists) {
        return lists.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    }

    @Override
    public FeatureCache open(Generation generation) {
        return open(generation, Optional.empty(), 0);
    }

    FeatureCache open(Generation generation, Optional<StepMask> mask, int taylorOrder) {
        return new Session(generation, mask, taylorOrder);
    }

    private final class Session implements FeatureCache {

        private final PerBranch<List<Blocks>> lists;
        private final BranchDecisions decisions = new BranchDecisions();
        private final Optional<StepMask> mask;
        private final int order;

        Session(Generation generation, Optional<StepMask> mask, int order) {
            this.mask = mask;
            this.order = order;
            lists = new PerBranch<>(() -> apart(generation));
        }

        private List<Blocks> apart(Generation generation) {
            List<Blocks> blocks = new ArrayList<>();
            int from = 0;
            for (int length : lists(generation.model())) {
                blocks.add(new Blocks(this, generation.memory(), from, from + length));
                from += length;
            }
            return blocks;
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            Features features = stack.input();
            for (Blocks list : lists.of(branch)) {
                features = list.run(step, stack, features, decisions);
            }
            return features;
        }

        @Override
        public StepDecision decision(Step step) {
            return decisions.decision();
        }
    }

    /** One list of blocks, from {@code start} (inclusive) to {@code end} (exclusive), in one branch. */
    private final class Blocks {

        private final Session session;
        private final int start;
        private final int end;
        private final Kept head;
        private final Series between;
        private int cached;
        private int consecutive;
        private double accumulated;

        Blocks(Session session, NDManager memory, int start, int end) {
            this.session = session;
            this.start = start;
            this.end = end;
            head = new Kept(memory);
            between = new Series(memory, session.order, Series.Form.TAYLOR);
        }

        Features run(Step step, BlockStack stack, Features in, BranchDecisions decisions) {
            Features out = stack.run(start, start + first, in);
            Features added = out.minus(in);
            StepDecision decision = decide(step, added);
            decisions.note(step, decision);
            Features middle;
            if (decision.action() == Action.COMPUTE) {
                head.set(added);
                middle = stack.run(start + first, end - last, out);
                between.update(step.index(), middle.minus(out));
            } else {
                middle = out.plus(between.at(step.index()));
            }
            return last == 0 ? middle : stack.run(end - last, end, middle);
        }

        private StepDecision decide(Step step, Features added) {
            if (isMaskedReuse(step)) {
                return StepDecision.of(redundant(), "mask");
            }
            Optional<String> forced = forced(step);
            if (forced.isPresent()) {
                consecutive = 0;
                return StepDecision.computed(forced.get());
            }
            boolean isAny = scope == Scope.LIST && threshold >= ANY_CHANGE;
            double change = isAny ? 0 : Change.relative(added.video(), head.array());
            boolean redundant = isAny || change < threshold;
            cached += redundant ? 1 : 0;
            consecutive = redundant ? consecutive + 1 : 0;
            accumulated += change;
            return BranchDecisions.measured(
                    redundant ? redundant() : Action.COMPUTE, "first blocks", change, accumulated, threshold);
        }

        private boolean isMaskedReuse(Step step) {
            return session.mask
                    .filter(mask -> mask.policy() == StepMask.Policy.STATIC && !mask.isComputed(step))
                    .isPresent();
        }

        private Action redundant() {
            return session.order == 0 ? Action.REUSE : Action.FORECAST;
        }

        private Optional<String> forced(Step step) {
            if (session.mask.isPresent()) {
                return session.mask.get().isComputed(step) ? Optional.of("mask") : limited();
            }
            return limits.isWarmUp(step) || head.isEmpty() ? Optional.of("warm-up") : limited();
        }

        private Optional<String> limited() {
            if (limits.maxCached() > 0 && cached >= limits.maxCached()) {
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
