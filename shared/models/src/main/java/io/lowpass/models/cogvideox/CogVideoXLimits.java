package io.lowpass.models.cogvideox;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import io.lowpass.models.cogvideox.vae.CogVideoXVaeConfig;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.text.T5Config;
import io.lowpass.tensor.Precision;

/**
 * What CogVideoX can make, and what that takes.
 *
 * @param transformer settings of the transformer
 * @param textEncoder settings of the text encoder
 * @param vae settings of the autoencoder
 */
public record CogVideoXLimits(CogVideoXConfig transformer, T5Config textEncoder, CogVideoXVaeConfig vae)
        implements PipelineLimits {

    /** Tokens that a prompt is padded or cut to where the transformer takes any number, as the pipeline does. */
    private static final int PROMPT_LENGTH = 226;

    /** Latent frames that the autoencoder decodes together: from a pair of them come as many frames as they stand for. */
    private static final int LATENT_PAIR = 2;

    private static final int LARGEST_BATCH = 3;
    private static final int ROWS_AT_ONCE = 1024;
    private static final int F32 = Float.BYTES;

    /** Checks that the components fit each other. */
    public CogVideoXLimits {
        require(
                transformer.text().width() == textEncoder.width(),
                "transformer: text_embed_dim is " + transformer.text().width()
                        + ", allowed is the text encoder's d_model: " + textEncoder.width());
        require(
                transformer.inChannels() == vae.latentChannels() && transformer.outChannels() == vae.latentChannels(),
                "transformer: in_channels and out_channels are " + transformer.inChannels() + " and "
                        + transformer.outChannels() + ", allowed is the autoencoder's latent_channels: "
                        + vae.latentChannels());
    }

    /**
     * Reads the settings of a folder.
     *
     * @throws IllegalArgumentException if a component's settings are not understood, or do not fit another's
     */
    public static CogVideoXLimits of(DiffusersFolder folder) {
        return new CogVideoXLimits(
                CogVideoXConfig.read(folder.component("transformer")),
                T5Config.of(folder.config("text_encoder")),
                CogVideoXVaeConfig.of(folder.config("vae")));
    }

    /** Tokens that a prompt is padded or cut to. */
    int promptLength() {
        return transformer.position().kind() == Positions.ROTARY
                ? PROMPT_LENGTH
                : transformer.text().rows();
    }

    @Override
    public int heightMultiple() {
        return vae.spatialFactor() * transformer.token().side();
    }

    @Override
    public int widthMultiple() {
        return vae.spatialFactor() * transformer.token().side();
    }

    /** {@inheritDoc} With another number of frames, the autoencoder makes more than were asked for. */
    @Override
    public int frameMultiple() {
        return vae.temporalFactor() == 1 ? 1 : LATENT_PAIR * vae.temporalFactor();
    }

    private boolean hasOneSize() {
        return transformer.position().kind() == Positions.ROTARY_AND_LEARNED;
    }

    @Override
    public int smallestHeight() {
        return hasOneSize() ? (int) largestHeight() : heightMultiple();
    }

    @Override
    public int smallestWidth() {
        return hasOneSize() ? (int) largestWidth() : widthMultiple();
    }

    @Override
    public long largestHeight() {
        return largest(transformer.sample().height(), heightMultiple());
    }

    @Override
    public long largestWidth() {
        return largest(transformer.sample().width(), widthMultiple());
    }

    /** {@inheritDoc} Nothing limits it but the numbers that shapes are made of. */
    @Override
    public long mostFrames() {
        return Integer.MAX_VALUE / frameMultiple() * (long) frameMultiple() - frameMultiple() + 1;
    }

    @Override
    public void requireVideo(int height, int width, int frames) {
        PipelineLimits.super.requireVideo(height, width, frames);
        requireLearnedSize(height, width);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Where a token spans several latent frames and their number does not suit, there are more. Numbers of frames of
     * which the autoencoder makes more than were asked for are allowed here, as in the reference.
     */
    @Override
    public Shape latents(int height, int width, int frames) {
        PipelineLimits.super.requireVideo(height, width, 1);
        requireLearnedSize(height, width);
        require(
                frames >= 1 && frames <= mostFrames() && (frames - 1) % vae.temporalFactor() == 0,
                "numFrames is " + frames + ", allowed is " + vae.temporalFactor() + "n + 1, from 1 to " + mostFrames());
        long latents = (frames - 1L) / vae.temporalFactor() + 1;
        int span = transformer.token().span();
        return new Shape(
                1,
                vae.latentChannels(),
                (latents + span - 1) / span * span,
                height / vae.spatialFactor(),
                width / vae.spatialFactor());
    }

    @Override
    public long samplerWeights(Precision precision) {
        long text = textEncoder.architecture().size();
        return (CogVideoXLayout.architecture(transformer).size() + text) * precision.bytes();
    }

    @Override
    public long vaeWeights(Precision precision) {
        return vae.architecture().size() * precision.bytes();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A block holds at its peak the hidden state, its norm, queries, keys and values, and queries and keys once more
     * as they are normalized and turned in f32.
     */
    @Override
    public long denoising(int height, int width, int frames, int branches, Precision precision) {
        requireVideo(height, width, frames);
        Shape latents = latents(height, width, frames);
        long tokens = latents.size() / latents.get(1) / transformer.patchCells();
        long text = (long) promptLength() * transformer.width();
        long state = tokens * transformer.width() + text;
        long attention = 6 * state * precision.bytes() + 3 * state * F32;
        long feedForward = 3 * state * precision.bytes() + 12L * ROWS_AT_ONCE * transformer.width() * F32;
        long modulations = 12L * transformer.blocks().depth() * transformer.width() * F32;
        return Math.max(attention, feedForward) + modulations + branches * text * F32 + 8 * latents.size() * F32;
    }

    @Override
    public long decoding(int height, int width, Precision precision) {
        requireVideo(height, width, 1);
        return vae.decodingBytes(height, width, LARGEST_BATCH, precision);
    }

    private long largest(int sample, int multiple) {
        boolean counted =
                transformer.token().temporal() || transformer.position().kind() == Positions.ROTARY_AND_LEARNED;
        long most = counted ? (long) sample * vae.spatialFactor() : Integer.MAX_VALUE;
        return most / multiple * multiple;
    }

    private void requireLearnedSize(int height, int width) {
        int learnedHeight = transformer.sample().height() * vae.spatialFactor();
        int learnedWidth = transformer.sample().width() * vae.spatialFactor();
        require(
                !hasOneSize() || (height == learnedHeight && width == learnedWidth),
                "height and width are " + height + " and " + width + ", allowed is what positions were learned for: "
                        + learnedHeight + " and " + learnedWidth);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
