package io.lowpass.lab.verify;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Wraps a policy and counts the self-attentions that run at each step. */
final class AttentionCount implements CachePolicy {

    /**
     * The counts of one step.
     *
     * @param all in all branches
     * @param conditioned in the conditioned branch
     */
    private record Count(int all, int conditioned) {}

    private final CachePolicy policy;
    private final List<Count> counts;

    AttentionCount(CachePolicy policy) {
        this(policy, new ArrayList<>());
    }

    private AttentionCount(CachePolicy policy, List<Count> counts) {
        this.policy = policy;
        this.counts = counts;
    }

    /** Compares with the reference, which counts once for both branches if it runs them in one batch. */
    void compare(JsonNode expected, Comparison comparison) {
        comparison.offer("number of steps", counts.size(), expected.size());
        boolean inOneBatch =
                !counts.isEmpty() && counts.get(0).all() != expected.path(0).asInt();
        for (int i = 0; i < Math.min(counts.size(), expected.size()); i++) {
            Count count = counts.get(i);
            comparison.offer(
                    "step " + i + " self-attentions",
                    inOneBatch ? count.conditioned() : count.all(),
                    expected.get(i).asInt());
        }
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        policy.requireFit(model, steps);
    }

    @Override
    public CachePolicy within(StepRange steps) {
        return new AttentionCount(policy.within(steps), counts);
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(policy.open(generation));
    }

    private void ran(Branch branch, int attentions) {
        Count last = counts.remove(counts.size() - 1);
        counts.add(new Count(
                last.all() + attentions, last.conditioned() + (branch == Branch.CONDITIONED ? attentions : 0)));
    }

    private final class Session implements FeatureCache {

        private final FeatureCache cache;

        Session(FeatureCache cache) {
            this.cache = cache;
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            counts.add(new Count(0, 0));
            return cache.predict(step, prediction);
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            return cache.blocks(step, branch, worksOnSubLayers() ? stack : new Stack(branch, stack));
        }

        @Override
        public Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
            return cache.subLayer(step, branch, site, () -> {
                ran(branch, site.subLayer() == SubLayer.SELF_ATTENTION ? 1 : 0);
                return compute.get();
            });
        }

        @Override
        public boolean worksOnSubLayers() {
            return cache.worksOnSubLayers();
        }

        @Override
        public StepDecision decision(Step step) {
            return cache.decision(step);
        }
    }

    /** Blocks of which each that runs has one. */
    private final class Stack implements BlockStack {

        private final Branch branch;
        private final BlockStack stack;

        Stack(Branch branch, BlockStack stack) {
            this.branch = branch;
            this.stack = stack;
        }

        @Override
        public Features input() {
            return stack.input();
        }

        @Override
        public NDArray signal(Signal kind) {
            return stack.signal(kind);
        }

        @Override
        public int depth() {
            return stack.depth();
        }

        @Override
        public Features run(int from, int to, Features features) {
            ran(branch, to - from);
            return stack.run(from, to, features);
        }
    }
}
