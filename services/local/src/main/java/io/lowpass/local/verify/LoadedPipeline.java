package io.lowpass.local.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.vae.Pixels;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.WanVae;
import io.lowpass.models.wan.WanTransformer;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Every part of a pipeline folder, in f32 on the CPU. */
final class LoadedPipeline implements AutoCloseable {

    /** As the reference pipeline calls its tokenizer. */
    private static final int PROMPT_LENGTH = 512;

    private final PromptEncoder prompts;
    private final WanTransformer transformer;
    private final WanVae vae;
    private final Map<String, Object> schedulerConfig;

    private LoadedPipeline(
            PromptEncoder prompts, WanTransformer transformer, WanVae vae, Map<String, Object> schedulerConfig) {
        this.prompts = prompts;
        this.transformer = transformer;
        this.vae = vae;
        this.schedulerConfig = schedulerConfig;
    }

    static LoadedPipeline open(Path folder, ObjectMapper json) {
        JsonNode index = read(folder.resolve("model_index.json"), json);
        String pipeline = index.path("_class_name").asText();
        if (!pipeline.equals("WanPipeline")) {
            throw new Unsupported(pipeline);
        }
        if (!index.path("transformer_2").path(1).isNull() && index.has("transformer_2")) {
            throw new Unsupported("Wan with two transformers");
        }
        return new LoadedPipeline(
                new PromptEncoder(
                        Tokenizer.open(folder.resolve("tokenizer"), PROMPT_LENGTH),
                        T5Encoder.open(folder.resolve("text_encoder"), Device.cpu(), Precision.F32)),
                WanTransformer.load(folder.resolve("transformer"), Precision.F32, Device.cpu()),
                WanVae.open(folder.resolve("vae"), Device.cpu(), Precision.F32),
                json.convertValue(
                        read(folder.resolve("scheduler/scheduler_config.json"), json),
                        new TypeReference<Map<String, Object>>() {}));
    }

    PromptEmbedding encode(NDManager owner, String prompt) {
        return prompts.encode(owner, prompt);
    }

    VideoTransformer transformer() {
        return transformer;
    }

    Map<String, Object> schedulerConfig() {
        return schedulerConfig;
    }

    /** The shape of the latents of a video. */
    Shape latents(int frames, int height, int width) {
        return new Shape(
                1,
                vae.latentChannels(),
                (frames - 1) / vae.temporalFactor() + 1,
                height / vae.spatialFactor(),
                width / vae.spatialFactor());
    }

    /** Decodes latents: uint8, shape (frames, 3, height, width). */
    NDArray frames(NDManager owner, NDArray latents) {
        NDList frames = new NDList();
        try (VideoDecoding video = vae.decode()) {
            for (NDArray frame : latents.split(latents.getShape().get(2), 2)) {
                frames.add(Pixels.levels(owner, video.next(owner, frame)));
            }
        }
        return ai.djl.ndarray.NDArrays.concat(frames);
    }

    @Override
    public void close() {
        prompts.close();
        transformer.close();
        vae.close();
    }

    private static JsonNode read(Path file, ObjectMapper json) {
        try {
            return json.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
