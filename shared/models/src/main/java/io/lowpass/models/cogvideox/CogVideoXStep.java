package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.models.TokenGrid;
import java.util.Optional;

/**
 * One step's work that the branches share.
 *
 * @param latents what was embedded: a pass gives its arrays to their manager, and its prediction to their device
 * @param time embedding of the timestep, f32, shape (1, time width)
 * @param tokens embedded patches, shape (1, tokens, width)
 * @param turns rotary factors cos + i sin, shape (1, tokens, 1, head width / 2), complex; empty without rotation
 * @param modulations of all blocks, shape (depth, 12, width), f32: bias, weight and gate of the video's and of the
 *     text's norm before attention, then the same before the feed-forward layer
 * @param headModulation bias and weight of the head's norm, shape (2, width), f32
 * @param textPositions learned positions of the text, shape (1, rows, width), where there are any
 */
record CogVideoXStep(
        CogVideoXTransformer transformer,
        NDArray latents,
        TokenGrid grid,
        NDArray time,
        NDArray tokens,
        NDArray turns,
        NDArray modulations,
        NDArray headModulation,
        Optional<NDArray> textPositions)
        implements EmbeddedStep {

    @Override
    public ForwardPass pass(Conditioning conditioning) {
        NDArray text = ((CogVideoXConditioning) conditioning).text();
        return new CogVideoXPass(
                this,
                textPositions.map(positions -> call("sum", text, positions)).orElse(text));
    }

    NDArray call(String kernel, Object... arguments) {
        return CogVideoXTransformer.KERNELS.call(latents.getManager(), kernel, arguments);
    }
}
