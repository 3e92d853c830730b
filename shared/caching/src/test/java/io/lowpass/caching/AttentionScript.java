package io.lowpass.caching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepRange;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * A generation whose every branch is a single sub-layer with a given output, so that decisions can be worked out by hand.
 *
 * @param timesteps the time of each step
 * @param outputs per branch, what the sub-layer would put out at each step
 */
public record AttentionScript(List<Double> timesteps, Map<Branch, List<Double>> outputs) {

    private static final Shape LATENTS = new Shape(1, 1, 1, 10, 10);

    /**
     * What a policy made of the script.
     *
     * @param computed per branch, C where the sub-layer ran, R where its output was made up, . where the branch did not run
     * @param predictions per branch, what the sampler got; of a branch that did not run, what was made up
     * @param kinds first letters of what became of the steps
     */
    public record Played(Map<Branch, String> computed, Map<Branch, List<Double>> predictions, String kinds) {}

    /** Plays the script to a policy, on one sub-layer of the first block. */
    public Played play(CachePolicy policy, SubLayer subLayer) {
        return play(policy, new Site(0, subLayer));
    }

    /** Plays the script to a policy. */
    public Played play(CachePolicy policy, Site site) {
        return play(policy, site, 0);
    }

    /** Plays the script to a policy from a step on, as that of an expert which takes over there. */
    public Played play(CachePolicy policy, Site site, int first) {
        try (NDManager manager = NDManager.newBaseManager();
                NDManager memory = manager.newSubManager()) {
            List<Branch> branches = List.copyOf(new EnumMap<>(outputs).keySet());
            ModelOutline outline = new ModelOutline(
                    4,
                    EnumSet.allOf(SubLayer.class),
                    EnumSet.noneOf(io.lowpass.diffusion.blocks.Signal.class),
                    List.of(1, 2, 2),
                    branches);
            StepRange range = new StepRange(first, timesteps.size() - first, timesteps.size());
            Times times = new Times(timesteps, range);
            policy.requireFit(outline, timesteps.size());
            FeatureCache cache = policy.within(range).open(new Generation(memory, outline, times, LATENTS));
            Run run = new Run(manager, cache, site, first);
            branches.forEach(branch -> run.predictions.put(branch, new ArrayList<>()));
            branches.forEach(branch -> run.computed.put(branch, new StringBuilder()));
            for (int i = 0; i < times.steps(); i++) {
                run.step(times.step(i));
            }
            Map<Branch, String> computed = new EnumMap<>(Branch.class);
            run.computed.forEach((branch, text) -> computed.put(branch, text.toString()));
            return new Played(computed, run.predictions, run.kinds.toString());
        }
    }

    private record Times(List<Double> timesteps, StepRange range) implements Trajectory {

        @Override
        public int steps() {
            return range.count();
        }

        @Override
        public double timestep(int step) {
            return timesteps.get(range.first() + step);
        }

        @Override
        public OptionalDouble precedingTimestep() {
            return range.first() == 0 ? OptionalDouble.empty() : OptionalDouble.of(timestep(-1));
        }

        @Override
        public double sigma(int step) {
            return step < steps() ? timestep(step) / 1000 : 0;
        }

        @Override
        public NDArray advance(int step, NDArray latents, NDArray prediction) {
            return latents;
        }
    }

    private final class Run {

        private final NDManager manager;
        private final FeatureCache cache;
        private final Site site;
        private final int first;
        private final Map<Branch, StringBuilder> computed = new EnumMap<>(Branch.class);
        private final Map<Branch, List<Double>> predictions = new EnumMap<>(Branch.class);
        private final StringBuilder kinds = new StringBuilder();

        Run(NDManager manager, FeatureCache cache, Site site, int first) {
            this.manager = manager;
            this.cache = cache;
            this.site = site;
            this.first = first;
        }

        void step(Step step) {
            computed.values().forEach(text -> text.append('.'));
            NDArray guided = cache.predict(step, new Scripted(step));
            if (predictions.size() == 1) {
                note(Branch.CONDITIONED, guided);
            }
            kinds.append(cache.decision(step).action().name().charAt(0));
        }

        void note(Branch branch, NDArray prediction) {
            Objects.requireNonNull(predictions.get(branch))
                    .add((double) prediction.mean().getFloat());
        }

        private final class Scripted implements Prediction {

            private final Step step;

            Scripted(Step step) {
                this.step = step;
            }

            @Override
            public NDArray latents() {
                return manager.zeros(LATENTS);
            }

            @Override
            public NDArray compute() {
                NDArray conditioned = branch(Branch.CONDITIONED);
                return predictions.size() == 1 ? conditioned : guide(conditioned, branch(Branch.UNCONDITIONED));
            }

            @Override
            public NDArray probe(UnaryOperator<NDArray> reduction) {
                return reduction.apply(latents());
            }

            @Override
            public NDArray branch(Branch branch) {
                StringBuilder text = Objects.requireNonNull(computed.get(branch));
                text.setCharAt(step.index(), 'R');
                double value = Objects.requireNonNull(outputs.get(branch)).get(first + step.index());
                return cache.subLayer(step, branch, site, () -> {
                            text.setCharAt(step.index(), 'C');
                            return Features.of(manager.full(LATENTS, (float) value));
                        })
                        .video();
            }

            @Override
            public NDArray guide(NDArray conditioned, NDArray unconditioned) {
                note(Branch.CONDITIONED, conditioned);
                note(Branch.UNCONDITIONED, unconditioned);
                return conditioned;
            }
        }
    }
}
