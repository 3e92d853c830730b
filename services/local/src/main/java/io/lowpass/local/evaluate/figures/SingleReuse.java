package io.lowpass.local.evaluate.figures;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.LowPass;
import io.lowpass.caching.precise.LFCache;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.Step;
import java.util.List;

/**
 * Takes the prediction of one step, or a band of it, from the step before, and computes every step that follows. The steps
 * up to there are those of a run that reuses nothing, so their predictions are taken from it instead of computed again.
 *
 * @param recorded the guided prediction of each step of that run
 * @param step at least 1
 */
record SingleReuse(List<NDArray> recorded, int step, Band band) implements CachePolicy {

    @Override
    public FeatureCache open(Generation generation) {
        Shape latents = generation.latents();
        LowPass lowPass =
                new LowPass(generation.memory(), (int) latents.get(3), (int) latents.get(4), LFCache.PAPER_MASK);
        return new FeatureCache() {
            @Override
            public NDArray predict(Step at, Prediction prediction) {
                if (at.index() > step) {
                    return prediction.compute();
                }
                NDArray now = recorded.get(at.index());
                return at.index() < step ? now.duplicate() : band.reused(now, recorded.get(step - 1), lowPass);
            }
        };
    }
}
