package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Set;

/**
 * A video diffusion transformer: one implementation per model family.
 *
 * <p>Holds weights only. Safe to share between generations that run one after another.
 */
public interface VideoTransformer extends AutoCloseable {

    /** Number of blocks. */
    int depth();

    /** Lengths of the lists that the blocks come in, one behind the other. */
    default List<Integer> lists() {
        return List.of(depth());
    }

    /** The sub-layers at which a cache may interpose; none if the blocks are opaque. */
    Set<SubLayer> subLayers();

    /** What a pass can tell before its first block runs. */
    default Set<Signal> signals() {
        return Set.of(Signal.INPUT);
    }

    /** The one of {@link #signals} by which methods guess, as published for the family, how much the output will move. */
    default Signal indicator() {
        return Signal.INPUT;
    }

    /** Latent cells of one token: frames, height, width. */
    List<Integer> patch();

    /**
     * Does, once per generation, the work that depends on the prompt alone (text projection, keys and values of every
     * block).
     *
     * @param memory owner of the result; closed with the generation
     * @param prompt the encoded prompt
     * @param spec the video that is made
     */
    Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec);

    /**
     * Does, once per step, the work that the branches share (patch embedding, rotary tables, time modulation).
     *
     * @param latents noisy latents, shape (1, channels, frames, height, width); those of a probe are smaller
     * @param timestep time on the training scale
     * @param spec the video that is made, also where the latents are a probe's
     */
    EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec);

    /**
     * The times, falling, below each of which another expert predicts; none where one transformer predicts at all
     * times. Experts differ in their weights alone.
     */
    default List<Double> boundaries() {
        return List.of();
    }

    /**
     * The expert of a range of times, number 0 for the noisiest. What it needs may be made ready now, and that of the
     * one asked for before may be freed, with what it conditioned. A model with experts is itself its first.
     */
    default VideoTransformer expert(int number) {
        return this;
    }

    @Override
    void close();
}
