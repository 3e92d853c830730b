package io.lowpass.models.wan;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineLimits;
import io.lowpass.models.text.T5Config;
import io.lowpass.models.vision.ClipVisionConfig;
import io.lowpass.models.wan.vae.WanVaeConfig;
import io.lowpass.tensor.Precision;
import java.util.Optional;
import java.util.OptionalInt;

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
                transformer.outChannels() == vae.latentChannels()
                        && transformer.conditionChannels() == conditionChannels(vae, fromImage),
                "transformer: in_channels and out_channels are " + transformer.inChannels() + " and "
                        + transformer.outChannels() + ", allowed is the autoencoder's z_dim: "
                        + (vae.latentChannels() + conditionChannels(vae, fromImage)) + " and " + vae.latentChannels());
        require(
                transformer.image().map(WanConfig.Image::width).equals(vision.map(ClipVisionConfig::width)),
                "transformer: image_dim is " + transformer.image().map(WanConfig.Image::width)
                        + ", allowed is the vision encoder's hidden_size: " + vision.map(ClipVisionConfig::width));
        transformer
                .image()
                .flatMap(image -> boxed(image.rows()))
                .ifPresent(rows -> require(
                        rows == 2 * vision.orElseThrow().rows(),
                        "transformer: pos_embed_seq_len is " + rows
                                + ", allowed is the vision encoder's rows of two images: "
                                + 2 * vision.orElseThrow().rows()));
        require(
                transformer.patch().get(FRAMES) == 1,
                "transformer: patch_size is " + transformer.patch() + ", allowed is 1 latent frame");
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
                WanConfig.read(folder.component("transformer")),
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

    private static Optional<Integer> boxed(OptionalInt rows) {
        return rows.isPresent() ? Optional.of(rows.getAsInt()) : Optional.empty();
    }

    /** Rows of an image's states, or of the two images' that a model leads between; 0 where it looks at none. */
    public int imageRows() {
        return transformer
                .image()
                .map(image -> image.rows().orElse(vision.orElseThrow().rows()))
                .orElse(0);
    }

    /** Whether videos lead from one image to another, and so need two. */
    boolean leadsBetweenImages() {
        return transformer.image().filter(image -> image.rows().isPresent()).isPresent();
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
                vae.latentChannels(),
                (frames - 1L) / vae.temporalFactor() + 1,
                height / vae.spatialFactor(),
                width / vae.spatialFactor());
    }

    /** {@inheritDoc} Of two experts, one is held at a time; of an autoencoder that encodes an image, the whole. */
    @Override
    public long samplerWeights(Precision precision) {
        long images = vision.map(encoder -> encoder.architecture().size()).orElse(0L)
                + (fromImage ? vae.architecture().size() : 0);
        long text = textEncoder.architecture().size();
        return (WanLayout.architecture(transformer).size() + text + images) * precision.bytes();
    }

    @Override
    public long vaeWeights(Precision precision) {
        return vae.architecture().size() * precision.bytes();
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
