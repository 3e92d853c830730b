package io.lowpass.caching.dual;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.BranchDecisions;
import io.lowpass.caching.Forecast;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.Norms;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs the first blocks, and the blocks behind them only if the residual of the first ones has changed since all last
 * ran; the last blocks always run. Each branch decides and counts on its own.
 *
 * @param first number of blocks at the start that decide (Fn)
 * @param last number of blocks at the end that always run (Bn)
 * @param threshold relative change below which the blocks in between are replayed; 0 never reuses
 * @param limits when the blocks in between run anyway
 * @param scope what the first and last blocks are counted in
 */
public record DualBlockCache(int first, int last, double threshold, ReuseLimits limits, Scope scope)
        implements CachePolicy {

    /** From this threshold on, the reference treats every change as small. */
    private static final double ANY_CHANGE = 1;

    /** What the first and last blocks are counted in. */
    public enum Scope {
        /**
         * Each of the model's block lists, which decide and count independently, as in cache-dit. There, a threshold of
         * 1 or more reuses without measuring the change.
         */
        LIST,
        /** The whole model. */
        MODEL
    }

    /**
     * When the blocks in between run whatever the first ones decide.
     *
     * @param warmUp number of steps at the start
     * @param maxCached the most steps of a generation that reuse; 0 for no limit
     * @param maxConsecutive the most consecutive steps that reuse; 0 for no limit
     * @param maxAccumulated total measured change at which reuse ends; 0 for no limit
     * @param warmUpInterval distance of the computed steps within the warm-up; 1 for all
     */
    public record ReuseLimits(
            int warmUp, int maxCached, int maxConsecutive, double maxAccumulated, int warmUpInterval) {

        /** The first blocks alone decide. */
        public static final ReuseLimits NONE = new ReuseLimits(0, 0, 0, 0);

        public ReuseLimits {
            SettingChecks.requireAtLeast("warmUp", warmUp, 0);
            SettingChecks.requireAtLeast("maxCached", maxCached, 0);
            SettingChecks.requireAtLeast("maxConsecutive", maxConsecutive, 0);
            SettingChecks.requireAtLeastZero("maxAccumulated", maxAccumulated);
            SettingChecks.requireAtLeast("warmUpInterval", warmUpInterval, 1);
        }

        /** Limits with a fully computed warm-up. */
        public ReuseLimits(int warmUp, int maxCached, int maxConsecutive, double maxAccumulated) {
            this(warmUp, maxCached, maxConsecutive, maxAccumulated, 1);
        }

        private boolean isWarmUp(Step step) {
            return step.index() < warmUp && step.index() % warmUpInterval == 0;
        }
    }

    public DualBlockCache {
        SettingChecks.requireAtLeast("fn", first, 1);
        SettingChecks.requireAtLeast("bn", last, 0);
        SettingChecks.requireAtLeastZero("threshold", threshold);
    }

    /** Settings for each block list. */
    public DualBlockCache(int first, int last, double threshold, ReuseLimits limits) {
        this(first, last, threshold, limits, Scope.LIST);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        requireStepsAfterWarmUp(steps);
        requireBlocksBetween(model);
    }

    void requireStepsAfterWarmUp(int steps) {
        SettingChecks.requireStepsAfter(Math.max(1, limits.warmUp()), steps);
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
        private final KeptFeatures head;
        private final Forecast between;
        private int cached;
        private int consecutive;
        private double accumulated;

        Blocks(Session session, NDManager memory, int start, int end) {
            this.session = session;
            this.start = start;
            this.end = end;
            head = new KeptFeatures(memory);
            between = new Forecast(memory, session.order, Forecast.Form.TAYLOR);
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
            double change = isAny ? 0 : Norms.relative(added.video(), head.array());
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
