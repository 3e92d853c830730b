package io.lowpass.lab.evaluate.figures;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.LowPass;
import io.lowpass.caching.precise.LFCache;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepRange;
import java.util.List;

/**
 * Reuses the prediction of the step before at one step, fully or in one band, and computes every later step. Earlier
 * steps equal those of a run without reuse, so their predictions are taken from it. Steps are numbered over all
 * experts.
 *
 * @param recorded the guided prediction of each step of that run
 * @param step at least 1
 */
record SingleReuse(List<NDArray> recorded, int step, Band band) implements CachePolicy {

    @Override
    public CachePolicy within(StepRange steps) {
        return generation -> open(generation, steps.first());
    }

    @Override
    public FeatureCache open(Generation generation) {
        return open(generation, 0);
    }

    /** Of an expert whose first step is the generation's {@code first}. */
    private FeatureCache open(Generation generation, int first) {
        Shape latents = generation.latents();
        LowPass lowPass =
                new LowPass(generation.memory(), (int) latents.get(3), (int) latents.get(4), LFCache.PAPER_MASK);
        return new FeatureCache() {
            @Override
            public NDArray predict(Step at, Prediction prediction) {
                int index = first + at.index();
                if (index > step) {
                    return prediction.compute();
                }
                NDArray now = recorded.get(index);
                return index < step ? now.duplicate() : band.reused(now, recorded.get(step - 1), lowPass);
            }
        };
    }
}
