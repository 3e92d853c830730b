package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TokenCount;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Combines a transformer and a cache; the only class that knows both. Serves one expert within a generation. */
final class CachedTransformer {

    private final VideoTransformer transformer;
    private final FeatureCache cache;
    private final Guidance guidance;
    private final int expert;
    private final VideoSpec spec;
    private final Map<Branch, Conditioning> conditionings;
    private Work work = Work.NONE;

    CachedTransformer(
            VideoTransformer transformer,
            FeatureCache cache,
            Guidance guidance,
            int expert,
            VideoSpec spec,
            Map<Branch, Conditioning> conditionings) {
        this.transformer = transformer;
        this.cache = cache;
        this.guidance = guidance;
        this.expert = expert;
        this.spec = spec;
        this.conditionings = new EnumMap<>(conditionings);
    }

    /** The guided prediction of a step, computed or reused. */
    NDArray predict(Step step, NDArray latents) {
        work = Work.NONE;
        return cache.predict(step, new StepPrediction(step, latents));
    }

    /** What the last {@link #predict} computed. */
    Work work() {
        return work;
    }

    StepDecision decision(Step step) {
        return cache.decision(step);
    }

    private Conditioning of(Branch branch) {
        Conditioning conditioning = conditionings.get(branch);
        if (conditioning == null) {
            throw new IllegalArgumentException("guidance " + guidance.scale() + " has no branch " + branch);
        }
        return conditioning;
    }

    /** Runs blocks and frees each intermediate result at once, so that a pass never holds more than one block needs. */
    private static Features through(
            ForwardPass pass, int from, int to, Features features, IntFunction<SubLayers> subLayers) {
        Features out = features;
        for (int i = from; i < to; i++) {
            Features next = block(pass, i, out, subLayers.apply(i));
            if (i > from) {
                out.free();
            }
            out = next;
        }
        return out;
    }

    /**
     * Runs one block and keeps only its output: the outputs of all sub-layers, and what a cache derives from them,
     * would be several times the tokens. What a cache keeps has already moved to the generation's memory.
     */
    private static Features block(ForwardPass pass, int index, Features features, SubLayers subLayers) {
        Features out;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            out = pass.block(index, features, subLayers);
            NDScope.unregister(out.video());
            out.text().ifPresent(NDScope::unregister);
        }
        NDScope.register(out.video());
        out.text().ifPresent(NDScope::register);
        return out;
    }

    private SubLayers aroundSubLayers(Step step, Branch branch, int block) {
        if (!cache.worksOnSubLayers()) {
            return SubLayers.COMPUTE;
        }
        return (subLayer, compute) -> {
            int before = work.subLayers();
            Features output = cache.subLayer(step, branch, new Site(block, subLayer), () -> {
                work = work.plus(Work.computed());
                return compute.get();
            });
            if (work.subLayers() == before) {
                work = work.plus(Work.reused(subLayer));
            }
            return output;
        };
    }

    /** The prediction of one step; the branches share its embedding. */
    private final class StepPrediction implements Prediction {

        private final Step step;
        private final NDArray latents;
        private final Lazy<EmbeddedStep> embedded;

        StepPrediction(Step step, NDArray latents) {
            this.step = step;
            this.latents = latents;
            this.embedded = new Lazy<>(() -> transformer.embed(latents, step.timestep(), spec));
        }

        @Override
        public NDArray latents() {
            return latents;
        }

        @Override
        public NDArray compute() {
            return guided(guidance.branches().stream().map(this::branch).toList());
        }

        @Override
        public NDArray branch(Branch branch) {
            ForwardPass pass = embedded.get().pass(of(branch));
            work = work.plus(Work.PREDICTION);
            Features features = cache.blocks(step, branch, new CountedStack(step, branch, pass));
            NDArray prediction = pass.head(features);
            // What a cache keeps has moved to the generation's memory, and the input tokens are shared by the branches.
            if (features.video() != pass.input().video() && isOfThisStep(features)) {
                features.free();
            }
            return prediction;
        }

        private boolean isOfThisStep(Features features) {
            return features.video().getManager() == latents.getManager();
        }

        @Override
        public NDArray probe(UnaryOperator<NDArray> reduction) {
            VideoSpec reduced = spec.image()
                    .map(image -> spec.from(image.reduced(reduction)))
                    .orElse(spec);
            NDArray other = reduction.apply(latents);
            EmbeddedStep probed = transformer.embed(other, step.timestep(), reduced);
            TokenCount tokens = TokenCount.of(other.getShape(), transformer.patch());
            return guided(guidance.branches().stream()
                    .map(branch -> probe(probed.pass(of(branch)), tokens))
                    .toList());
        }

        @Override
        public NDArray guide(NDArray conditioned, NDArray unconditioned) {
            return guidance.join(step, expert, conditioned, unconditioned);
        }

        private NDArray probe(ForwardPass pass, TokenCount tokens) {
            work = work.plus(Work.probe(tokens));
            Features features = through(pass, 0, pass.depth(), pass.input(), block -> SubLayers.COMPUTE);
            NDArray prediction = pass.head(features);
            features.free();
            return prediction;
        }

        private NDArray guided(List<NDArray> predictions) {
            return predictions.size() == 1 ? predictions.get(0) : guide(predictions.get(0), predictions.get(1));
        }
    }

    /** The blocks of one pass; counts those that run. */
    private final class CountedStack implements BlockStack {

        private final Step step;
        private final Branch branch;
        private final ForwardPass pass;

        CountedStack(Step step, Branch branch, ForwardPass pass) {
            this.step = step;
            this.branch = branch;
            this.pass = pass;
        }

        @Override
        public Features input() {
            return pass.input();
        }

        @Override
        public NDArray signal(Signal kind) {
            return pass.signal(kind);
        }

        @Override
        public int depth() {
            return pass.depth();
        }

        @Override
        public Features run(int from, int to, Features features) {
            work = work.plus(Work.blocks(to - from));
            return through(pass, from, to, features, block -> aroundSubLayers(step, branch, block));
        }
    }
}
