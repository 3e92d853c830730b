package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.models.TokenGrid;
import java.util.List;

/**
 * One step's work that the branches share.
 *
 * @param latents what was embedded: a pass gives its arrays to their manager, and its prediction to their device
 * @param time the embedding of timestep and frame rate, and its projection
 * @param tokens embedded patches with their positions, shape (1, tokens, width)
 * @param turns rotary factors cos + i sin of each frame, shape (frames, 1, head width / 2), complex
 * @param modulations shift, 1 + scale and gate of attention and of the feed-forward layer, shape (depth, 6, width)
 * @param headModulation shift and 1 + scale of the head, shape (2, width)
 */
record OpenSoraStep(
        OpenSoraTransformer transformer,
        NDArray latents,
        TokenGrid grid,
        List<NDArray> time,
        NDArray tokens,
        NDArray turns,
        NDArray modulations,
        NDArray headModulation)
        implements EmbeddedStep {

    @Override
    public ForwardPass pass(Conditioning conditioning) {
        return new OpenSoraPass(this, (OpenSoraConditioning) conditioning);
    }
}
