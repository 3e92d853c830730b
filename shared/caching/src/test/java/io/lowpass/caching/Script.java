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
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.StepDecision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A generation whose every prediction is a given constant, so that decisions can be worked out by hand.
 *
 * @param latents the latents of each step
 * @param full what the network predicts at each step
 * @param probed what it predicts on small latents
 */
public record Script(List<Double> latents, List<Double> full, List<Double> probed) {

    /** Latents that the factors of the paper make 2 x 2, where only the mean is left and counts fourfold. */
    public static final Shape LATENTS = new Shape(1, 1, 1, 8, 8);

    /**
     * What a policy made of the script.
     *
     * @param decisions one per step
     * @param predictions the constant that the sampler got at each step
     * @param probes number of probes
     */
    public record Played(List<StepDecision> decisions, List<Double> predictions, int probes) {

        /** C or R (or F) per step. */
        public String kinds() {
            StringBuilder text = new StringBuilder();
            decisions.forEach(decision -> text.append(decision.action().name().charAt(0)));
            return text.toString();
        }

        /** Reasons, one per step. */
        public List<String> reasons() {
            return decisions.stream().map(StepDecision::reason).toList();
        }

        /** Accumulated distances, one per step. */
        public List<Double> accumulated() {
            return decisions.stream()
                    .map(decision -> decision.accumulated().orElseThrow())
                    .toList();
        }
    }

    /** A script whose latents are all zero. */
    public Script(List<Double> full, List<Double> probed) {
        this(Collections.nCopies(full.size(), 0.0), full, probed);
    }

    /** Plays the script to a policy, on noise levels that are evenly spaced. */
    public Played play(CachePolicy policy) {
        return play(policy, 1);
    }

    /** Plays the script to a policy, on noise levels of a shift. */
    public Played play(CachePolicy policy, double shift) {
        try (NDManager manager = NDManager.newBaseManager();
                NDManager memory = manager.newSubManager();
                Trajectory trajectory = new FlowMatchEuler(shift).plan(full.size())) {
            ModelOutline outline =
                    new ModelOutline(4, Set.of(), Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
            FeatureCache cache = policy.open(new Generation(memory, outline, trajectory, LATENTS));
            List<StepDecision> decisions = new ArrayList<>();
            List<Double> predictions = new ArrayList<>();
            int[] probes = new int[1];
            for (int i = 0; i < full.size(); i++) {
                Scripted scripted = new Scripted(manager, List.of(latents.get(i), full.get(i), probed.get(i)), probes);
                NDArray prediction = cache.predict(trajectory.step(i), scripted);
                predictions.add((double) prediction.mean().getFloat());
                decisions.add(cache.decision(trajectory.step(i)));
            }
            return new Played(decisions, predictions, probes[0]);
        }
    }

    private record Scripted(NDManager manager, List<Double> numbers, int[] probes) implements Prediction {

        @Override
        public NDArray latents() {
            return manager.full(LATENTS, numbers.get(0).floatValue());
        }

        @Override
        public NDArray compute() {
            return manager.full(LATENTS, numbers.get(1).floatValue());
        }

        @Override
        public NDArray probe(UnaryOperator<NDArray> reduction) {
            probes[0]++;
            return manager.full(
                    reduction.apply(latents()).getShape(), numbers.get(2).floatValue());
        }

        @Override
        public NDArray branch(Branch branch) {
            return compute();
        }

        @Override
        public NDArray guide(NDArray conditioned, NDArray unconditioned) {
            return conditioned;
        }
    }
}
