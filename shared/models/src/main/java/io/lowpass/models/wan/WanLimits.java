package io.lowpass.models.wan;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.text.T5Config;
import io.lowpass.models.vae.WanVaeConfig;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;

/**
 * What Wan 2.1 can make, and what that takes.
 *
 * @param transformer settings of the transformer
 * @param textEncoder settings of the text encoder
 * @param vae settings of the autoencoder
 */
public record WanLimits(WanConfig transformer, T5Config textEncoder, WanVaeConfig vae) implements PipelineLimits {

    /** Tokens that a prompt is padded or cut to, as Wan's pipeline does. */
    public static final int PROMPT_LENGTH = 512;

    private static final int FRAMES = 0;
    private static final int HEIGHT = 1;
    private static final int WIDTH = 2;
    private static final int F32 = Float.BYTES;

    /** Checks that the components fit each other. */
    public WanLimits {
        require(
                transformer.textWidth() == textEncoder.width(),
                "transformer: text_dim is " + transformer.textWidth() + ", allowed is the text encoder's d_model: "
                        + textEncoder.width());
        require(
                transformer.inChannels() == vae.zDim() && transformer.outChannels() == vae.zDim(),
                "transformer: in_channels and out_channels are " + transformer.inChannels() + " and "
                        + transformer.outChannels() + ", allowed is the autoencoder's z_dim: " + vae.zDim());
        require(
                transformer.patch().get(FRAMES) == 1,
                "transformer: patch_size is " + transformer.patch() + ", allowed is 1 latent frame");
    }

    /**
     * Reads the settings of a folder.
     *
     * @throws IllegalArgumentException if a component's settings are not understood, or do not fit another's
     */
    public static WanLimits of(DiffusersFolder folder) {
        WanVaeConfig vae = WanVaeConfig.of(folder.config("vae"));
        requireFactor(folder, "scale_factor_spatial", vae.spatialFactor());
        requireFactor(folder, "scale_factor_temporal", vae.temporalFactor());
        return new WanLimits(
                WanConfig.read(folder.component("transformer")), T5Config.of(folder.config("text_encoder")), vae);
    }

    private static void requireFactor(DiffusersFolder folder, String field, int factor) {
        if (folder.config("vae").has(field) && folder.config("vae").positive(field) != factor) {
            throw folder.config("vae").refused(field, "what the levels make: " + factor);
        }
    }

    @Override
    public int heightMultiple() {
        return vae.spatialFactor() * transformer.patch().get(HEIGHT);
    }

    @Override
    public int widthMultiple() {
        return vae.spatialFactor() * transformer.patch().get(WIDTH);
    }

    @Override
    public int frameMultiple() {
        return vae.temporalFactor();
    }

    @Override
    public long largestHeight() {
        return (long) transformer.longestAxis() * heightMultiple();
    }

    @Override
    public long largestWidth() {
        return (long) transformer.longestAxis() * widthMultiple();
    }

    @Override
    public long mostFrames() {
        return (long) (transformer.longestAxis() - 1) * frameMultiple() + 1;
    }

    @Override
    public Shape latents(int height, int width, int frames) {
        requireVideo(height, width, frames);
        return new Shape(
                1,
                vae.zDim(),
                (frames - 1L) / vae.temporalFactor() + 1,
                height / vae.spatialFactor(),
                width / vae.spatialFactor());
    }

    @Override
    public long samplerWeights(Precision precision) {
        Architecture text = textEncoder.architecture();
        return (WanArchitecture.of(transformer).size() + text.size()) * precision.bytes();
    }

    @Override
    public long vaeWeights(Precision precision) {
        return vae.size() * precision.bytes();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A block holds at its peak either the hidden state, its norm, queries, keys, values and the attended values, in
     * the making of which f32 copies come and go, or the hidden state and the inner layer of the feed-forward part.
     */
    @Override
    public long denoising(int height, int width, int frames, int branches, Precision precision) {
        Shape latents = latents(height, width, frames);
        long tokens = latents.size() / latents.get(1) / transformer.patchCells();
        long state = tokens * transformer.width();
        long inner = tokens * transformer.feedForwardWidth();
        long attention = 5 * state * precision.bytes() + 4 * state * F32;
        long feedForward = (4 * state + inner) * precision.bytes() + 2 * state * F32;
        long rows = PROMPT_LENGTH + 1L;
        long prompts = 2L * transformer.depth() * rows * transformer.width() * precision.bytes() * branches;
        return Math.max(attention, feedForward) + prompts + 8 * latents.size() * F32;
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
