package io.lowpass.models.wan;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.pipeline.VideoGeometry;
import io.lowpass.models.text.T5Config;
import io.lowpass.models.transformer.TransformerConfig;
import io.lowpass.models.vision.ClipVisionConfig;
import io.lowpass.models.wan.vae.WanVaeConfig;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Wan can make, and what that takes.
 *
 * @param transformer settings of the transformer
 * @param textEncoder settings of the text encoder
 * @param vae settings of the autoencoder
 * @param fromImage whether videos start from an image
 * @param vision settings of the vision encoder, where the transformer looks at the image
 */
public record WanLimits(
        WanConfig transformer,
        T5Config textEncoder,
        WanVaeConfig vae,
        boolean fromImage,
        Optional<ClipVisionConfig> vision)
        implements PipelineLimits {

    /** Tokens that a prompt is padded or cut to, as Wan's pipeline does. */
    public static final int PROMPT_LENGTH = 512;

    private static final int F32 = Float.BYTES;

    /** Checks that the components fit each other. */
    public WanLimits {
        PipelineLimits.requireFit(
                "text_dim", transformer.textWidth(), "the text encoder's d_model", textEncoder.width());
        int condition = conditionChannels(vae, fromImage);
        int channels = vae.latentChannels();
        PipelineLimits.requireChannels(
                transformer.inChannels(), transformer.outChannels(), "z_dim", channels + condition, channels);
        TransformerConfig.require(
                transformer.image().map(WanConfig.Image::width).equals(vision.map(ClipVisionConfig::width)),
                "image_dim",
                transformer.image().map(WanConfig.Image::width),
                "the vision encoder's hidden_size: " + vision.map(ClipVisionConfig::width));
        if (transformer.leadsBetweenImages()) {
            PipelineLimits.requireFit(
                    "pos_embed_seq_len",
                    transformer.image().orElseThrow().rows().orElseThrow(),
                    "the vision encoder's rows of two images",
                    2 * vision.orElseThrow().rows());
        }
        TransformerConfig.require(transformer.patch().get(0) == 1, "patch_size", transformer.patch(), "1 latent frame");
    }

    /** Videos from a prompt alone. */
    public WanLimits(WanConfig transformer, T5Config textEncoder, WanVaeConfig vae) {
        this(transformer, textEncoder, vae, false, Optional.empty());
    }

    /**
     * Reads the settings of a folder.
     *
     * @param fromImage whether videos start from an image
     * @throws IllegalArgumentException if a component's settings are not understood, or do not fit another's
     */
    public static WanLimits of(DiffusersFolder folder, boolean fromImage) {
        WanVaeConfig vae = WanVaeConfig.of(folder.config("vae"));
        requireFactor(folder, "scale_factor_spatial", vae.spatialFactor());
        requireFactor(folder, "scale_factor_temporal", vae.temporalFactor());
        return new WanLimits(
                WanConfig.of(folder.config("transformer")),
                T5Config.of(folder.config("text_encoder")),
                vae,
                fromImage,
                folder.components().containsKey("image_encoder")
                        ? Optional.of(ClipVisionConfig.of(folder.config("image_encoder")))
                        : Optional.empty());
    }

    /** What an image adds to the latents' channels: a mask with one for each frame of a latent frame, and latents. */
    private static int conditionChannels(WanVaeConfig vae, boolean fromImage) {
        return fromImage ? vae.temporalFactor() + vae.latentChannels() : 0;
    }

    /** Rows of an image's states, or of the two images' that a model leads between; 0 where it looks at none. */
    public int imageRows() {
        return transformer
                .image()
                .map(image -> image.rows().orElse(vision.orElseThrow().rows()))
                .orElse(0);
    }

    private static void requireFactor(DiffusersFolder folder, String field, int factor) {
        if (folder.config("vae").has(field) && folder.config("vae").positive(field) != factor) {
            throw folder.config("vae").refused(field, "what the levels make: " + factor);
        }
    }

    @Override
    public VideoGeometry geometry() {
        return VideoGeometry.causal(vae, transformer.patch(), transformer.longestAxis());
    }

    /** {@inheritDoc} Of two experts, one is held at a time; of an autoencoder that encodes an image, the whole. */
    @Override
    public Stream<Architecture> samplerArchitectures() {
        return Stream.of(
                        Optional.of(transformer.architecture()),
                        Optional.of(textEncoder.architecture()),
                        vision.map(ClipVisionConfig::architecture),
                        fromImage ? Optional.of(vae.architecture()) : Optional.<Architecture>empty())
                .flatMap(Optional::stream);
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
        long rows = PROMPT_LENGTH + 1L + imageRows();
        long prompts = 2L * transformer.depth() * rows * transformer.width() * precision.bytes() * branches;
        long given = fromImage ? 4 * latents.size() / latents.get(1) * transformer.conditionChannels() * F32 : 0;
        return Math.max(attention, feedForward) + prompts + 8 * latents.size() * F32 + given;
    }
}
