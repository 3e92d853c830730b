package io.lowpass.models.hunyuan;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.hunyuan.vae.HunyuanVaeConfig;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoGeometry;
import io.lowpass.models.text.ClipTextConfig;
import io.lowpass.models.text.LlamaConfig;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import java.util.stream.Stream;

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
        PipelineLimits.requireFit(
                "text_embed_dim", transformer.textWidth(), "the language model's hidden_size", textEncoder.width());
        PipelineLimits.requireFit(
                "pooled_projection_dim", transformer.pooledWidth(), "CLIP's hidden_size", pooledEncoder.width());
        PipelineLimits.requireFit(
                "in_channels", transformer.inChannels(), "the autoencoder's latent_channels", vae.latentChannels());
        PipelineLimits.requireFit(
                "out_channels", transformer.outChannels(), "the autoencoder's latent_channels", vae.latentChannels());
        PipelineLimits.requireFit("patch_size_t", transformer.patch().get(0), "one latent frame", 1);
    }

    /**
     * Reads the settings of a folder.
     *
     * @throws IllegalArgumentException if a component's settings are not understood, or do not fit another's
     */
    public static HunyuanLimits of(DiffusersFolder folder) {
        return new HunyuanLimits(
                HunyuanConfig.of(folder.config("transformer")),
                LlamaConfig.of(folder.config("text_encoder")),
                ClipTextConfig.of(folder.config("text_encoder_2")),
                HunyuanVaeConfig.of(folder.config("vae")));
    }

    @Override
    public VideoGeometry geometry() {
        return VideoGeometry.causal(vae, transformer.patch(), MOST_TOKENS);
    }

    @Override
    public Stream<Architecture> samplerArchitectures() {
        return Stream.of(transformer.architecture(), textEncoder.architecture(), pooledEncoder.architecture());
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
}
