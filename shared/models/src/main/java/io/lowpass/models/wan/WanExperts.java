package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.Conditioning;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.pipeline.ForwardingTransformer;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The two experts of Wan 2.2: one for the noisy times, one for the others. One of them is open at a time: the other's
 * weights would take as much memory again, while mapped weights are open again at once.
 */
final class WanExperts extends ForwardingTransformer {

    private final double boundary;
    private final IntFunction<WanTransformer> opener;
    private WanTransformer current;
    private int number;

    /**
     * Opens the first expert.
     *
     * @param boundary the lowest time of the first
     * @param opener opens expert 0 or 1
     */
    WanExperts(double boundary, IntFunction<WanTransformer> opener) {
        this.boundary = boundary;
        this.opener = opener;
        this.current = opener.apply(0);
    }

    @Override
    public List<Double> boundaries() {
        return List.of(boundary);
    }

    @Override
    public VideoTransformer expert(int wanted) {
        if (wanted != number) {
            current.close();
            current = opener.apply(wanted);
            number = wanted;
        }
        return current;
    }

    @Override
    protected VideoTransformer target() {
        return current;
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, Clip clip) {
        return expert(0).condition(memory, prompt, clip);
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, Clip clip) {
        return expert(0).embed(latents, timestep, clip);
    }

    @Override
    public void close() {
        current.close();
    }
}
