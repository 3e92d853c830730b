package io.lowpass.lab.calibrate;

import ai.djl.ndarray.NDArray;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.Norms;
import io.lowpass.caching.PerBranch;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepRange;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Computes every step and records its change. With several experts, the first step of each has no predecessor, as for
 * caches.
 */
final class StepRecorder implements CachePolicy {

    private final List<StepChange> changes = new ArrayList<>();

    /** The recorded changes, in the order of the steps. */
    List<StepChange> changes() {
        return List.copyOf(changes);
    }

    @Override
    public CachePolicy within(StepRange steps) {
        return generation -> new Session(generation, steps);
    }

    @Override
    public FeatureCache open(Generation generation) {
        int count = generation.trajectory().steps();
        return new Session(generation, new StepRange(0, count, count));
    }

    private final class Session implements FeatureCache {

        private final Generation generation;
        private final StepRange steps;
        private final PerBranch<State> states;

        Session(Generation generation, StepRange steps) {
            this.generation = generation;
            this.steps = steps;
            this.states = new PerBranch<>(() -> new State(generation));
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            List<NDArray> predictions = new ArrayList<>();
            for (Branch branch : generation.model().branches()) {
                NDArray output = prediction.branch(branch);
                states.of(branch).noteOutput(steps, steps.first() + step.index(), branch, output);
                predictions.add(output);
            }
            return predictions.size() == 1
                    ? predictions.get(0)
                    : prediction.guide(predictions.get(0), predictions.get(1));
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            Features out = stack.runAll();
            states.of(branch).noteBlocks(stack, out);
            return out;
        }
    }

    /** The last pass of one branch. */
    private final class State {

        private final Map<Signal, KeptFeatures> signals = new EnumMap<>(Signal.class);
        private final Map<Signal, Double> changeOfSignals = new EnumMap<>(Signal.class);
        private final KeptFeatures added;
        private final KeptFeatures output;
        private double magnitude;

        State(Generation generation) {
            generation.model().signals().forEach(signal -> signals.put(signal, new KeptFeatures(generation.memory())));
            added = new KeptFeatures(generation.memory());
            output = new KeptFeatures(generation.memory());
        }

        void noteBlocks(BlockStack stack, Features out) {
            signals.forEach((signal, before) -> {
                NDArray now = stack.signal(signal).duplicate();
                if (!before.isEmpty()) {
                    changeOfSignals.put(signal, Norms.relative(now, before.array()));
                }
                before.set(now);
            });
            NDArray now = out.video().sub(stack.input().video());
            magnitude = added.isEmpty() ? 1 : Norms.magnitude(now, added.array());
            added.set(now);
        }

        void noteOutput(StepRange steps, int step, Branch branch, NDArray now) {
            if (!output.isEmpty()) {
                double change = Norms.relative(now, output.array());
                changes.add(new StepChange(steps, step, branch, Map.copyOf(changeOfSignals), change, magnitude));
            }
            output.set(now.duplicate());
        }
    }
}
