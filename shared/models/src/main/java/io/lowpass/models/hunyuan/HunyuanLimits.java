package io.lowpass.models.hunyuan;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.hunyuan.vae.HunyuanVaeConfig;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.text.ClipTextConfig;
import io.lowpass.models.text.LlamaConfig;
import io.lowpass.tensor.Precision;

/**
 * What HunyuanVideo can make, and what that takes.
 *
 * @param transformer settings of the transformer
 * @param textEncoder settings of the language model
 * @param pooledEncoder settings of CLIP
 * @param vae settings of the autoencoder
 */
public record HunyuanLimits(
        HunyuanConfig transformer, LlamaConfig textEncoder, ClipTextConfig pooledEncoder, HunyuanVaeConfig vae)
        implements PipelineLimits {

    private static final int F32 = Float.BYTES;

    /** Positions are computed, not looked up: nothing but memory bounds them. */
    private static final int MOST_TOKENS = 1 << 16;

    /** Checks that the components fit each other. */
    public HunyuanLimits {
        require("text_embed_dim", transformer.textWidth(), "the language model's hidden_size", textEncoder.width());
        require("pooled_projection_dim", transformer.pooledWidth(), "CLIP's hidden_size", pooledEncoder.width());
        require("in_channels", transformer.inChannels(), "the autoencoder's latent_channels", vae.latentChannels());
        require("out_channels", transformer.outChannels(), "the autoencoder's latent_channels", vae.latentChannels());
        require("patch_size_t", transformer.patch().get(0), "one latent frame", 1);
    }

    /**
     * Reads the settings of a folder.
     *
     * @throws IllegalArgumentException if a component's settings are not understood, or do not fit another's
     */
    public static HunyuanLimits of(DiffusersFolder folder) {
        return new HunyuanLimits(
                HunyuanConfig.read(folder.component("transformer")),
                LlamaConfig.of(folder.config("text_encoder")),
                ClipTextConfig.of(folder.config("text_encoder_2")),
                HunyuanVaeConfig.of(folder.config("vae")));
    }

    @Override
    public int heightMultiple() {
        return vae.spatialFactor() * transformer.patch().get(1);
    }

    @Override
    public int widthMultiple() {
        return vae.spatialFactor() * transformer.patch().get(2);
    }

    @Override
    public int frameMultiple() {
        return vae.temporalFactor();
    }

    @Override
    public long largestHeight() {
        return (long) MOST_TOKENS * heightMultiple();
    }

    @Override
    public long largestWidth() {
        return (long) MOST_TOKENS * widthMultiple();
    }

    @Override
    public long mostFrames() {
        return (long) (MOST_TOKENS - 1) * frameMultiple() + 1;
    }

    @Override
    public Shape latents(int height, int width, int frames) {
        requireVideo(height, width, frames);
        return new Shape(
                1,
                vae.latentChannels(),
                (frames - 1L) / frameMultiple() + 1,
                height / vae.spatialFactor(),
                width / vae.spatialFactor());
    }

    @Override
    public long samplerWeights(Precision precision) {
        long values = HunyuanLayout.architecture(transformer).size()
                + textEncoder.architecture().size()
                + pooledEncoder.architecture().size();
        return values * precision.bytes();
    }

    @Override
    public long vaeWeights(Precision precision) {
        return vae.architecture().size() * precision.bytes();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A block is at its peak in its attention: it holds the hidden state, its norm, queries, keys and values and
     * those of video and text joined, in the making of which f32 copies come and go.
     */
    @Override
    public long denoising(int height, int width, int frames, int branches, Precision precision) {
        Shape latents = latents(height, width, frames);
        long tokens = latents.size() / latents.get(1) / transformer.patchCells();
        long state = (tokens + HunyuanPrompts.PROMPT_LENGTH) * transformer.width();
        long prompts = 3L * HunyuanPrompts.PROMPT_LENGTH * transformer.width() * precision.bytes() * branches;
        return 8 * state * precision.bytes() + 4 * state * F32 + prompts + 8 * latents.size() * F32;
    }

    @Override
    public long decoding(int height, int width, Precision precision) {
        requireVideo(height, width, 1);
        return vae.decodingBytes(height, width, precision);
    }

    private static void require(String field, int value, String what, int allowed) {
        if (value != allowed) {
            throw new IllegalArgumentException(
                    "transformer: " + field + " is " + value + ", allowed is " + what + ": " + allowed);
        }
    }
}
