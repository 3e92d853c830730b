package io.lowpass.models.pipeline;

import ai.djl.Device;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.models.vae.WanVae;
import io.lowpass.models.wan.WanTransformer;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What turns a prompt into latents. The autoencoder, which turns latents into frames, is opened apart by
 * {@link #openVae}: another process may hold it.
 *
 * @param limits what the model can make
 * @param prompts tokenizer and text encoder
 * @param transformer the denoiser
 * @param schedulerConfig settings of the folder's scheduler
 */
public record TextToVideoPipeline(
        PipelineLimits limits, PromptEncoder prompts, VideoTransformer transformer, Map<String, Object> schedulerConfig)
        implements AutoCloseable {

    /**
     * Opens tokenizer, text encoder and transformer.
     *
     * @param device where to compute
     * @param precision in which to compute: f32 or bf16
     * @throws IllegalArgumentException if settings are not understood, or a parameter is missing, unexpected or
     *     misshapen
     */
    public static TextToVideoPipeline open(DiffusersFolder folder, Device device, Precision precision) {
        requireComputable(precision);
        PipelineLimits limits = PipelineLimits.of(folder);
        Map<String, Object> schedulerConfig = folder.schedulerConfig();
        Tokenizer tokenizer = Tokenizer.open(folder.component("tokenizer"), PipelineLimits.PROMPT_LENGTH);
        T5Encoder encoder =
                open(() -> T5Encoder.open(folder.component("text_encoder"), device, precision), tokenizer::close);
        PromptEncoder prompts = new PromptEncoder(tokenizer, encoder);
        VideoTransformer transformer =
                open(() -> WanTransformer.load(folder.component("transformer"), precision, device), prompts::close);
        return new TextToVideoPipeline(limits, prompts, transformer, schedulerConfig);
    }

    /**
     * Opens the autoencoder of a folder.
     *
     * @param device where to compute
     * @param precision in which to compute: f32 or bf16
     * @throws IllegalArgumentException as {@link #open}
     */
    public static VideoVae openVae(DiffusersFolder folder, Device device, Precision precision) {
        requireComputable(precision);
        return WanVae.open(folder.component("vae"), device, precision);
    }

    @Override
    public void close() {
        prompts.close();
        transformer.close();
    }

    private static void requireComputable(Precision precision) {
        if (precision == Precision.F16) {
            throw new IllegalArgumentException(
                    "dtype is f16, allowed is f32 or bf16: the text encoder's states exceed the range of f16");
        }
    }

    /** Opens something, and closes what was opened before if that fails. */
    private static <T> T open(Supplier<T> opening, Runnable closeBefore) {
        try {
            return opening.get();
        } catch (IllegalArgumentException e) {
            closeBefore.run();
            throw e;
        }
    }
}
