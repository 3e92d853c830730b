package io.lowpass.models.opensora;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.opensora.vae.OpenSoraVaeConfig;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoGeometry;
import io.lowpass.models.text.T5Config;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Open-Sora 1.2 can make, and what that takes.
 *
 * @param transformer settings of the transformer
 * @param textEncoder settings of the text encoder
 * @param vae settings of the autoencoder
 */
public record OpenSoraLimits(OpenSoraConfig transformer, T5Config textEncoder, OpenSoraVaeConfig vae)
        implements PipelineLimits {

    private static final int F32 = Float.BYTES;

    /** Tokens that a kernel of the transformer takes at once, where it need not take all. */
    private static final long PART = 2048;

    /** Positions are computed, so nothing but memory ends them. */
    private static final int LARGEST = 1 << 14;

    /** Checks that the components fit each other. */
    public OpenSoraLimits {
        PipelineLimits.requireFit(
                "caption_channels", transformer.captionWidth(), "the text encoder's d_model", textEncoder.width());
        PipelineLimits.requireFit(
                "in_channels", transformer.inChannels(), "the autoencoder's embed_dim", vae.latentChannels());
    }

    /**
     * {@inheritDoc} Any height and width of a token or more will do, such as those of the official table. Where they are
     * no multiple of a latent cell's, the video shows what whole cells cover, while the transformer takes what was
     * asked for. The fewest frames are one chunk: with fewer, the schedule is not defined.
     */
    @Override
    public VideoGeometry geometry() {
        int factor = vae.spatialFactor();
        List<Integer> patch = transformer.patch();
        return new VideoGeometry(
                new VideoGeometry.Axis(1, factor * patch.get(1), LARGEST),
                new VideoGeometry.Axis(1, factor * patch.get(2), LARGEST),
                new VideoGeometry.Axis(1, vae.chunk(), LARGEST),
                vae.latentChannels(),
                factor,
                vae::latentFrames);
    }

    @Override
    public Stream<Architecture> samplerArchitectures() {
        return Stream.of(transformer.architecture(), textEncoder.architecture());
    }

    /**
     * {@inheritDoc}
     *
     * <p>A block holds at its peak the hidden state, what a sub-layer contributes, in parts and joined, and the sum of
     * both; of what is made on the way to it no more than one part. The factors are twice that: measured peaks are.
     */
    @Override
    public long denoising(int height, int width, int frames, int branches, Precision precision) {
        Shape latents = latents(height, width, frames);
        long tokens = latents.size() / latents.get(1) / transformer.patchCells();
        long wider = precision == Precision.F32 ? 0 : 3 * F32;
        long states = tokens * transformer.width() * (8L * precision.bytes() + wider);
        long part = Math.min(tokens, PART) * transformer.width() * (14L * precision.bytes() + 8 * F32);
        long prompts = 2L
                * transformer.depth()
                * transformer.captionRows()
                * transformer.width()
                * precision.bytes()
                * branches;
        return states + part + prompts + 8 * latents.size() * F32;
    }
}
