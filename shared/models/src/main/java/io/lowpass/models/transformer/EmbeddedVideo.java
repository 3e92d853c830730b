package io.lowpass.models.transformer;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.TokenGrid;
import java.util.List;

/**
 * One step's work that the branches share.
 *
 * @param latents what was embedded: a pass gives its arrays to their manager, and its prediction to their device
 * @param time what the family makes of the timestep; the first is its embedding
 * @param tokens embedded patches, shape (1, tokens, width)
 * @param rotary rotary embedding cos + i sin, complex; empty without one
 * @param modulations of all blocks, shape (depth, rows, width), f32; empty where they depend on the prompt, too
 * @param headModulation of the head, shape (2, width), likewise
 */
public record EmbeddedVideo(
        NDArray latents,
        TokenGrid grid,
        List<NDArray> time,
        NDArray tokens,
        NDArray rotary,
        NDArray modulations,
        NDArray headModulation) {}
