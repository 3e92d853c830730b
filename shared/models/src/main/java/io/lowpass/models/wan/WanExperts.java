package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.EmbeddedStep;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.pipeline.ForwardingTransformer;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The two experts of Wan 2.2: one for the noisy times, one for the others. One of them is open at a time: the other's
 * weights would take as much memory again, while mapped weights are open again at once.
 */
final class WanExperts extends ForwardingTransformer {

    private final double boundary;
    private final IntFunction<WanTransformer> opener;
    private int number;

    /** None after one was closed and the other could not be opened: the next to ask tries again. */
    private @Nullable WanTransformer current;

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
        WanTransformer open = current;
        if (open != null && wanted == number) {
            return open;
        }
        close();
        WanTransformer opened = opener.apply(wanted);
        current = opened;
        number = wanted;
        return opened;
    }

    @Override
    protected VideoTransformer target() {
        WanTransformer open = current;
        return open == null ? expert(0) : open;
    }

    @Override
    public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
        return expert(0).condition(memory, prompt, spec);
    }

    @Override
    public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
        return expert(0).embed(latents, timestep, spec);
    }

    @Override
    public void close() {
        WanTransformer open = current;
        current = null;
        if (open != null) {
            open.close();
        }
    }
}
