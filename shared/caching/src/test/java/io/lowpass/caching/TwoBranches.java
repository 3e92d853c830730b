package io.lowpass.caching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;

/** A generation whose latents stand still and whose branches are guided by a scale that grows from step to step. */
public final class TwoBranches {

    private TwoBranches() {}

    /** Plays what the branches predict at each step to a policy; returns what the sampler got. */
    public static List<Double> play(
            CachePolicy policy, int steps, IntToDoubleFunction conditioned, IntToDoubleFunction unconditioned) {
        List<Double> guided = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                NDManager memory = manager.newSubManager();
                Trajectory trajectory = new FlowMatchEuler(1).plan(steps)) {
            ModelOutline outline = new ModelOutline(
                    4, Set.of(), Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED, Branch.UNCONDITIONED));
            FeatureCache cache = policy.open(new Generation(memory, outline, trajectory, Script.LATENTS));
            for (int i = 0; i < steps; i++) {
                Step step = trajectory.step(i);
                Scripted scripted =
                        new Scripted(manager, i, conditioned.applyAsDouble(i), unconditioned.applyAsDouble(i));
                guided.add((double) cache.predict(step, scripted).mean().getFloat());
            }
        }
        return guided;
    }

    /** The guided prediction of a step. */
    public static double guided(int step, double conditioned, double unconditioned) {
        return unconditioned + (step + 1) * (conditioned - unconditioned);
    }

    private record Scripted(NDManager manager, int step, double conditioned, double unconditioned)
            implements Prediction {

        @Override
        public NDArray latents() {
            return manager.ones(Script.LATENTS);
        }

        @Override
        public NDArray compute() {
            return guide(branch(Branch.CONDITIONED), branch(Branch.UNCONDITIONED));
        }

        @Override
        public NDArray probe(UnaryOperator<NDArray> reduction) {
            return reduction.apply(compute());
        }

        @Override
        public NDArray branch(Branch branch) {
            return manager.full(Script.LATENTS, (float) (branch == Branch.CONDITIONED ? conditioned : unconditioned));
        }

        @Override
        public NDArray guide(NDArray conditioned, NDArray unconditioned) {
            return unconditioned.add(conditioned.sub(unconditioned).mul(step + 1));
        }
    }
}
