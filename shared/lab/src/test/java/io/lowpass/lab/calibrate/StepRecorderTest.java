package io.lowpass.lab.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepRange;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StepRecorderTest {

    private static final Shape TOKENS = new Shape(1, 2, 4);

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void notesHowEachBranchDiffersFromItsStepBefore() {
        // Given: what is known before the blocks goes 2, 3; what they add 4, 5; and the unconditioned branch adds 8, 4
        StepRecorder recorder = new StepRecorder();
        List<Branch> branches = List.of(Branch.CONDITIONED, Branch.UNCONDITIONED);
        ModelOutline outline = new ModelOutline(1, Set.of(), Set.of(Signal.TIME), List.of(1, 1, 1), branches);
        Trajectory trajectory = new FlowMatchEuler(1).plan(2);
        FeatureCache cache = recorder.open(new Generation(manager, outline, trajectory, TOKENS));

        // When
        NDArray first = cache.predict(step(0), new Scripted(cache, step(0), 2, 4, 8));
        cache.predict(step(1), new Scripted(cache, step(1), 3, 5, 4));

        // Then: predictions are what left the blocks, which start from 1; guided is their difference
        assertThat(first.mean().getFloat()).isEqualTo(5 - 9);
        assertThat(recorder.changes()).hasSize(2);
        StepChange conditioned = recorder.changes().get(0);
        StepChange unconditioned = recorder.changes().get(1);
        assertThat(conditioned.step()).isEqualTo(1);
        assertThat(conditioned.signals().get(Signal.TIME)).isCloseTo(0.5, within(1e-6));
        assertThat(conditioned.output()).isCloseTo(1 / 5.0, within(1e-6));
        assertThat(conditioned.magnitude()).isCloseTo(5 / 4.0, within(1e-6));
        assertThat(unconditioned.branch()).isEqualTo(Branch.UNCONDITIONED);
        assertThat(unconditioned.output()).isCloseTo(4 / 9.0, within(1e-6));
        assertThat(unconditioned.magnitude()).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void stepsOfALaterExpertAreThoseOfTheGeneration() {
        // Given: the last two of five steps
        StepRecorder recorder = new StepRecorder();
        StepRange range = new StepRange(3, 2, 5);
        ModelOutline outline =
                new ModelOutline(1, Set.of(), Set.of(Signal.TIME), List.of(1, 1, 1), List.of(Branch.CONDITIONED));
        FeatureCache cache =
                recorder.within(range).open(new Generation(manager, outline, new FlowMatchEuler(1).plan(2), TOKENS));

        // When
        cache.predict(step(0), new Scripted(cache, step(0), 2, 4, 8));
        cache.predict(step(1), new Scripted(cache, step(1), 3, 5, 4));

        // Then
        StepChange only = recorder.changes().get(0);
        assertThat(recorder.changes()).hasSize(1);
        assertThat(only.step()).isEqualTo(4);
        assertThat(only.ofExpert()).isEqualTo(1);
        assertThat(only.isLast()).isTrue();
        assertThat(only.steps()).isEqualTo(range);
    }

    private static Step step(int index) {
        return new Step(index, 2, 1000, 1, 0.5);
    }

    private final class Scripted implements Prediction, BlockStack {

        private final FeatureCache cache;
        private final Step step;
        private final double signal;
        private final double conditioned;
        private final double unconditioned;
        private double adds;

        Scripted(FeatureCache cache, Step step, double signal, double conditioned, double unconditioned) {
            this.cache = cache;
            this.step = step;
            this.signal = signal;
            this.conditioned = conditioned;
            this.unconditioned = unconditioned;
        }

        @Override
        public NDArray latents() {
            return manager.ones(TOKENS);
        }

        @Override
        public NDArray compute() {
            throw new IllegalStateException("branches are asked for one by one");
        }

        @Override
        public NDArray probe(UnaryOperator<NDArray> reduction) {
            throw new IllegalStateException("nothing is probed");
        }

        @Override
        public NDArray branch(Branch branch) {
            adds = branch == Branch.CONDITIONED ? conditioned : unconditioned;
            return cache.blocks(step, branch, this).video();
        }

        @Override
        public NDArray guide(NDArray one, NDArray other) {
            return one.sub(other);
        }

        @Override
        public Features input() {
            return Features.of(manager.ones(TOKENS));
        }

        @Override
        public NDArray signal(Signal kind) {
            return manager.full(TOKENS, (float) signal);
        }

        @Override
        public int depth() {
            return 1;
        }

        @Override
        public Features run(int from, int to, Features features) {
            return Features.of(features.video().add(adds));
        }
    }
}
