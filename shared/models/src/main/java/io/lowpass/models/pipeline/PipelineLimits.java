package io.lowpass.models.pipeline;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.text.T5Config;
import io.lowpass.models.vae.WanVaeConfig;
import io.lowpass.models.wan.WanArchitecture;
import io.lowpass.models.wan.WanConfig;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;

/**
 * What a model can make, and what that takes: derived from settings, without weights.
 *
 * @param transformer settings of the transformer
 * @param textEncoder settings of the text encoder
 * @param vae settings of the autoencoder
 */
public record PipelineLimits(WanConfig transformer, T5Config textEncoder, WanVaeConfig vae) {

    /** Tokens that a prompt is padded or cut to, as Wan's pipeline does. */
    public static final int PROMPT_LENGTH = 512;

    private static final int FRAMES = 0;
    private static final int HEIGHT = 1;
    private static final int WIDTH = 2;
    private static final int F32 = Float.BYTES;

    /** Checks that the components fit each other. */
    public PipelineLimits {
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
    public static PipelineLimits of(DiffusersFolder folder) {
        WanVaeConfig vae = WanVaeConfig.of(folder.config("vae"));
        requireFactor(folder, "scale_factor_spatial", vae.spatialFactor());
        requireFactor(folder, "scale_factor_temporal", vae.temporalFactor());
        return new PipelineLimits(
                WanConfig.read(folder.component("transformer")), T5Config.of(folder.config("text_encoder")), vae);
    }

    private static void requireFactor(DiffusersFolder folder, String field, int factor) {
        if (folder.config("vae").has(field) && folder.config("vae").positive(field) != factor) {
            throw folder.config("vae").refused(field, "what the levels make: " + factor);
        }
    }

    /** Height must be a multiple of this. */
    public int heightMultiple() {
        return vae.spatialFactor() * transformer.patch().get(HEIGHT);
    }

    /** Width must be a multiple of this. */
    public int widthMultiple() {
        return vae.spatialFactor() * transformer.patch().get(WIDTH);
    }

    /** The number of frames must be one more than a multiple of this. */
    public int frameMultiple() {
        return vae.temporalFactor();
    }

    /** The largest height, which the transformer's tables of positions set. */
    public long largestHeight() {
        return (long) transformer.longestAxis() * heightMultiple();
    }

    /** The largest width, which the transformer's tables of positions set. */
    public long largestWidth() {
        return (long) transformer.longestAxis() * widthMultiple();
    }

    /** The largest number of frames, which the transformer's tables of positions set. */
    public long mostFrames() {
        return (long) (transformer.longestAxis() - 1) * frameMultiple() + 1;
    }

    /**
     * Refuses a video that the model cannot make.
     *
     * @throws IllegalArgumentException naming height, width or frames, the value and what is allowed
     */
    public void requireVideo(int height, int width, int frames) {
        requireSide("height", height, heightMultiple(), largestHeight());
        requireSide("width", width, widthMultiple(), largestWidth());
        require(
                frames >= 1 && frames <= mostFrames() && (frames - 1) % frameMultiple() == 0,
                "numFrames is " + frames + ", allowed is " + frameMultiple() + "n + 1, from 1 to " + mostFrames());
    }

    /**
     * The shape of the latents of a video: (1, channels, frames, height, width).
     *
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    public Shape latents(int height, int width, int frames) {
        requireVideo(height, width, frames);
        return new Shape(
                1,
                vae.zDim(),
                (frames - 1L) / vae.temporalFactor() + 1,
                height / vae.spatialFactor(),
                width / vae.spatialFactor());
    }

    /** Bytes of the weights that a sampler holds: text encoder and transformer. */
    public long samplerWeights(Precision precision) {
        Architecture text = textEncoder.architecture();
        return (WanArchitecture.of(transformer).size() + text.size()) * precision.bytes();
    }

    /** Bytes of the weights that an encoder holds: the autoencoder. */
    public long vaeWeights(Precision precision) {
        return vae.size() * precision.bytes();
    }

    /**
     * An estimate of the bytes that denoising takes at its peak beyond the weights: activations of one pass, the
     * prompts, the latents; what a cache keeps comes on top.
     *
     * <p>A block holds at its peak either the hidden state, its norm, queries, keys, values and the attended values, in
     * the making of which f32 copies come and go, or the hidden state and the inner layer of the feed-forward part.
     *
     * @param branches number of branches of a step: 2 with guidance
     * @param precision of the arithmetic, which may be wider than that of the weights
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
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

    /**
     * An estimate of the bytes that decoding takes at its peak beyond the weights; it does not grow with the number of
     * frames.
     *
     * @param precision of the arithmetic
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    public long decoding(int height, int width, Precision precision) {
        requireVideo(height, width, 1);
        return vae.decodingBytes(height, width, precision);
    }

    private static void requireSide(String name, int value, int multiple, long largest) {
        require(
                value >= multiple && value <= largest && value % multiple == 0,
                name + " is " + value + ", allowed is a multiple of " + multiple + ", from " + multiple + " to "
                        + largest);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
