package io.lowpass.models.opensora;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.opensora.vae.OpenSoraVaeConfig;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.text.T5Config;
import io.lowpass.tensor.Precision;

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
        require(
                transformer.captionWidth() == textEncoder.width(),
                "transformer: caption_channels is " + transformer.captionWidth()
                        + ", allowed is the text encoder's d_model: " + textEncoder.width());
        require(
                transformer.inChannels() == vae.latentChannels(),
                "transformer: in_channels is " + transformer.inChannels() + ", allowed is the autoencoder's embed_dim: "
                        + vae.latentChannels());
    }

    /**
     * Any height will do, such as those of the official table. Of a height that is no multiple of a latent cell's, the
     * video shows what whole cells cover, while the transformer is told of what was asked for.
     */
    @Override
    public int heightMultiple() {
        return 1;
    }

    /** As {@link #heightMultiple}. */
    @Override
    public int widthMultiple() {
        return 1;
    }

    /** {@inheritDoc} Two latent cells, which are a token. */
    @Override
    public int smallestHeight() {
        return vae.spatialFactor() * transformer.patch().get(1);
    }

    /** As {@link #smallestHeight}. */
    @Override
    public int smallestWidth() {
        return vae.spatialFactor() * transformer.patch().get(2);
    }

    @Override
    public int frameMultiple() {
        return 1;
    }

    /** {@inheritDoc} One chunk: with fewer, the schedule is not defined. */
    @Override
    public int fewestFrames() {
        return vae.chunk();
    }

    @Override
    public long largestHeight() {
        return LARGEST;
    }

    @Override
    public long largestWidth() {
        return LARGEST;
    }

    @Override
    public long mostFrames() {
        return LARGEST;
    }

    @Override
    public Shape latents(int height, int width, int frames) {
        requireVideo(height, width, frames);
        int factor = vae.spatialFactor();
        return new Shape(1, vae.latentChannels(), vae.latentFrames(frames), height / factor, width / factor);
    }

    @Override
    public long samplerWeights(Precision precision) {
        long values = OpenSoraLayout.architecture(transformer).size()
                + textEncoder.architecture().size();
        return values * precision.bytes();
    }

    @Override
    public long vaeWeights(Precision precision) {
        return vae.loadedValues() * precision.bytes();
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

    @Override
    public long decoding(int height, int width, Precision precision) {
        requireVideo(height, width, 1);
        return vae.decodingBytes(height, width, precision);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
