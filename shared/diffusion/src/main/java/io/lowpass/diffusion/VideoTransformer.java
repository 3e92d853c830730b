package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import java.util.List;
import java.util.Set;

/**
 * A video diffusion transformer, one implementation per model family.
 *
 * <p>Holds only weights. Generations that run one after another may share it.
 */
public interface VideoTransformer extends AutoCloseable {

    /** Number of blocks. */
    int depth();

    /** Lengths of the consecutive block lists. */
    default List<Integer> lists() {
        return List.of(depth());
    }

    /** The sub-layers that a cache may wrap; none if blocks are opaque. */
    Set<SubLayer> subLayers();

    /** Signals that are available before the first block runs. */
    default Set<Signal> signals() {
        return Set.of(Signal.INPUT);
    }

    /** The one of {@link #signals} by which methods estimate the change of the output, as published for the family. */
    default Signal indicator() {
        return Signal.INPUT;
    }

    /** Latent cells of one token: frames, height, width. */
    List<Integer> patch();

    /**
     * Computes, once per generation, everything that depends only on the prompt (text projection, keys and values of
     * every block).
     *
     * @param memory owner of the result; closed with the generation
     * @param prompt the prompt embedding
     * @param spec the specification of the video
     */
    Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec);

    /**
     * Computes, once per step, what the branches share (patch embedding, rotary embedding, time modulation).
     *
     * @param latents noisy latents, shape (1, channels, frames, height, width); smaller in a probe
     * @param timestep timestep on the training scale
     * @param spec the specification of the video, also for a probe
     */
    EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec);

    /**
     * The descending timesteps below which the next expert predicts; empty if one transformer predicts at all
     * timesteps. Experts differ only in their weights.
     */
    default List<Double> boundaries() {
        return List.of();
    }

    /**
     * The expert of a range of timesteps, 0 for the highest noise. The call may load its weights, and free those of the
     * previous expert and its conditionings. A model with experts is itself the first.
     */
    default VideoTransformer expert(int number) {
        return this;
    }

    @Override
    void close();
}
