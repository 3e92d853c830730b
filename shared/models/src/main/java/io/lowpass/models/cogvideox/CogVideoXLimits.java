package io.lowpass.models.cogvideox;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import io.lowpass.models.cogvideox.vae.CogVideoXVaeConfig;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoGeometry;
import io.lowpass.models.text.T5Config;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import java.util.stream.Stream;

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

    private static final int ROWS_AT_ONCE = 1024;
    private static final int F32 = Float.BYTES;

    /** Checks that the components fit each other. */
    public CogVideoXLimits {
        PipelineLimits.requireFit(
                "text_embed_dim", transformer.text().width(), "the text encoder's d_model", textEncoder.width());
        int channels = vae.latentChannels();
        PipelineLimits.requireChannels(
                transformer.inChannels(), transformer.outChannels(), "latent_channels", channels, channels);
    }

    /**
     * Reads the settings of a folder.
     *
     * @throws IllegalArgumentException if a component's settings are not understood, or do not fit another's
     */
    public static CogVideoXLimits of(DiffusersFolder folder) {
        return new CogVideoXLimits(
                CogVideoXConfig.of(folder.config("transformer")),
                T5Config.of(folder.config("text_encoder")),
                CogVideoXVaeConfig.of(folder.config("vae")));
    }

    /** Tokens that a prompt is padded or cut to. */
    int promptLength() {
        return transformer.position().kind() == Positions.ROTARY
                ? PROMPT_LENGTH
                : transformer.text().rows();
    }

    /**
     * {@inheritDoc} With another number of frames, the autoencoder makes more than were asked for. Nothing limits frames
     * but the numbers that shapes are made of. Where a token spans several latent frames and their number does not suit,
     * there are more.
     */
    @Override
    public VideoGeometry geometry() {
        int factor = vae.temporalFactor();
        int multiple = factor == 1 ? 1 : LATENT_PAIR * factor;
        int span = transformer.token().span();
        return new VideoGeometry(
                side(transformer.sample().height()),
                side(transformer.sample().width()),
                new VideoGeometry.Axis(multiple, 1, Integer.MAX_VALUE / multiple * (long) multiple - multiple + 1),
                vae.latentChannels(),
                vae.spatialFactor(),
                frames -> ((frames - 1L) / factor + span) / span * span);
    }

    /** Height or width: one only where positions are learned, up to the sample's where they are counted. */
    private VideoGeometry.Axis side(int sample) {
        int multiple = vae.spatialFactor() * transformer.token().side();
        boolean learned = transformer.position().kind() == Positions.ROTARY_AND_LEARNED;
        boolean bounded = learned || transformer.token().temporal();
        long most = bounded ? (long) sample * vae.spatialFactor() : Integer.MAX_VALUE;
        long largest = most / multiple * multiple;
        return new VideoGeometry.Axis(multiple, learned ? (int) largest : multiple, largest);
    }

    @Override
    public void requireVideo(int height, int width, int frames) {
        PipelineLimits.super.requireVideo(height, width, frames);
        requireLearnedSize(height, width);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Numbers of frames of which the autoencoder makes more than were asked for are allowed here, as in the reference.
     */
    @Override
    public Shape latents(int height, int width, int frames) {
        requireVideo(height, width, 1);
        if (frames < 1 || frames > mostFrames() || (frames - 1) % vae.temporalFactor() != 0) {
            throw new IllegalArgumentException("numFrames is " + frames + ", allowed is " + vae.temporalFactor()
                    + "n + 1, from 1 to " + mostFrames());
        }
        return geometry().latents(height, width, frames);
    }

    @Override
    public Stream<Architecture> samplerArchitectures() {
        return Stream.of(transformer.architecture(), textEncoder.architecture());
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
        long modulations = 12L * transformer.depth() * transformer.width() * F32;
        return Math.max(attention, feedForward) + modulations + branches * text * F32 + 8 * latents.size() * F32;
    }

    private void requireLearnedSize(int height, int width) {
        int learnedHeight = transformer.sample().height() * vae.spatialFactor();
        int learnedWidth = transformer.sample().width() * vae.spatialFactor();
        if (transformer.position().kind() == Positions.ROTARY_AND_LEARNED
                && (height != learnedHeight || width != learnedWidth)) {
            throw new IllegalArgumentException("height and width are " + height + " and " + width
                    + ", allowed is what positions were learned for: " + learnedHeight + " and " + learnedWidth);
        }
    }
}
