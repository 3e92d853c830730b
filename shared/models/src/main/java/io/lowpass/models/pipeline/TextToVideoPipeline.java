package io.lowpass.models.pipeline;

import ai.djl.Device;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.ReadAhead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What turns a prompt, and an image where a model starts from one, into latents. The autoencoder, which turns latents into frames, is opened apart by
 * {@link #openVae}: another process may hold it.
 *
 * @param model the folder's settings
 * @param prompts tokenizers and text encoders
 * @param transformer the denoiser
 * @param images what encodes the image that a video starts from, where one does
 */
public record TextToVideoPipeline(
        VideoModel model, PromptEncoder prompts, VideoTransformer transformer, Optional<ImageEncoder> images)
        implements AutoCloseable {

    /**
     * Opens tokenizers, text encoders and transformer.
     *
     * @param device where to compute
     * @param precision in which to compute: f32 or bf16
     * @throws IllegalArgumentException if a parameter is missing, unexpected or misshapen
     */
    public static TextToVideoPipeline open(VideoModel model, Device device, Precision precision) {
        requireComputable(precision);
        try (Opening opening = new Opening()) {
            PromptEncoder prompts = model.openPrompts(device, precision);
            opening.opened(prompts::close);
            return opening.done(withTransformer(model, prompts, device, precision));
        }
    }

    private static TextToVideoPipeline withTransformer(
            VideoModel model, PromptEncoder prompts, Device device, Precision precision) {
        try (Opening opening = new Opening()) {
            Optional<ImageEncoder> images = model.openImages(device, precision);
            images.ifPresent(encoder -> opening.opened(encoder::close));
            VideoTransformer transformer = model.openTransformer(device, precision);
            return opening.done(new TextToVideoPipeline(model, prompts, transformer, images));
        }
    }

    /**
     * Opens the same with the weights where they are said to be.
     *
     * @param residence in memory, or in their files
     * @param room bytes that the transformer's weights may take if they are streamed: as many of its blocks as fit stay
     *     in memory
     * @throws IllegalArgumentException also if weights are to be streamed and are not stored in that precision
     */
    public static TextToVideoPipeline open(
            VideoModel model, Device device, Precision precision, Residence residence, long room) {
        if (residence == Residence.RESIDENT) {
            return open(model, device, precision);
        }
        requireComputable(precision);
        if (device.isGpu() || model.storedBlocks().isEmpty()) {
            throw new IllegalArgumentException("weights are streamed to the CPU only");
        }
        // Found wrong now rather than with the first prompt.
        model.openPrompts(device, precision).close();
        try (Opening opening = new Opening()) {
            List<ReadAhead> files = new ArrayList<>();
            for (StoredBlocks blocks : model.storedBlocks()) {
                ReadAhead file = ReadAhead.of(blocks.folder(), blocks.prefixes(), precision, room);
                opening.opened(file::close);
                files.add(file);
            }
            PromptEncoder prompts = new ReleasedPrompts(() -> model.openPrompts(device, precision));
            TextToVideoPipeline opened = withTransformer(model, prompts, device, precision);
            return opening.done(
                    new TextToVideoPipeline(model, prompts, streamed(opened.transformer(), files), opened.images()));
        }
    }

    private static VideoTransformer streamed(VideoTransformer transformer, List<ReadAhead> files) {
        return transformer.boundaries().isEmpty()
                ? new StreamedTransformer(transformer, files.get(0))
                : new StreamedExperts(transformer, files);
    }

    /**
     * Opens the autoencoder of a model.
     *
     * @param device where to compute
     * @param precision in which to compute: f32 or bf16
     * @throws IllegalArgumentException as {@link #open}
     */
    public static VideoVae openVae(VideoModel model, Device device, Precision precision) {
        requireComputable(precision);
        return model.openVae(device, precision);
    }

    /** What the model can make. */
    public PipelineLimits limits() {
        return model.limits();
    }

    /** Bytes of weights that each pass reads from disk; 0 where all are in memory. */
    public long bytesPerPass() {
        return transformer instanceof Streamed streamed ? streamed.bytesPerPass() : 0;
    }

    @Override
    public void close() {
        prompts.close();
        transformer.close();
        images.ifPresent(ImageEncoder::close);
    }

    private static void requireComputable(Precision precision) {
        if (precision == Precision.F16) {
            throw new IllegalArgumentException(
                    "dtype is f16, allowed is f32 or bf16: the text encoder's states exceed the range of f16");
        }
    }
}
