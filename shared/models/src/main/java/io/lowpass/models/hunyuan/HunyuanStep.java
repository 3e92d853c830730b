package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.models.TokenGrid;

/**
 * One step's work that the branches share.
 *
 * @param latents what was embedded: a pass gives its arrays to their manager, and its prediction to their device
 * @param time the timestep's embedding, shape (1, width), f32
 * @param textTime the timestep's embedding for the refiner, likewise
 * @param tokens embedded patches, shape (1, tokens, width)
 * @param turns rotary factors cos + i sin, shape (1, tokens, 1, head width / 2), complex
 */
record HunyuanStep(
        HunyuanTransformer transformer,
        NDArray latents,
        TokenGrid grid,
        NDArray time,
        NDArray textTime,
        NDArray tokens,
        NDArray turns)
        implements EmbeddedStep {

    @Override
    public ForwardPass pass(Conditioning conditioning) {
        return new HunyuanPass(this, (HunyuanConditioning) conditioning);
    }
}
