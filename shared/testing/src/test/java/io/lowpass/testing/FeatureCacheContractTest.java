package io.lowpass.testing;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The contract holds for the simplest method that there is. */
class FeatureCacheContractTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return generation -> new HoldsEach(generation, 2);
    }

    @Override
    protected CachePolicy off() {
        return generation -> new HoldsEach(generation, 1);
    }

    /** Computes every n-th prediction and holds it until the next. */
    private static final class HoldsEach implements FeatureCache {

        private final Generation generation;
        private final int every;
        private @Nullable NDArray held;

        HoldsEach(Generation generation, int every) {
            this.generation = generation;
            this.every = every;
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            if (step.index() % every == 0) {
                held = Features.of(prediction.compute())
                        .keptBy(generation.memory())
                        .video();
            }
            return Objects.requireNonNull(held);
        }

        @Override
        public StepDecision decision(Step step) {
            return StepDecision.of(step.index() % every == 0 ? Action.COMPUTE : Action.REUSE, "every " + every);
        }
    }
}
