package io.lowpass.models.opensora;

import io.lowpass.models.ComponentConfig;
import io.lowpass.models.opensora.vae.OpenSoraVaeConfig;
import io.lowpass.models.pipeline.PipelineFamily;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.T5Config;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Open-Sora 1.2. It was published as separate repositories, not as a diffusers pipeline; a model folder holds each in a
 * folder of its own, under its own names:
 *
 * <ul>
 *   <li>{@code transformer}: {@code hpcai-tech/OpenSora-STDiT-v3}
 *   <li>{@code vae}: {@code hpcai-tech/OpenSora-VAE-v1.2}
 *   <li>{@code text_encoder}: the encoder of {@code DeepFloyd/t5-v1_1-xxl} as safetensors, with {@code tokenizer.json}
 *       beside it or in {@code tokenizer}
 * </ul>
 */
public final class OpenSoraFamily implements PipelineFamily {

    private static final String TYPE = "STDiT3";
    private static final String TRANSFORMER = "transformer";

    @Override
    public String name() {
        return TYPE;
    }

    @Override
    public boolean recognises(Path folder) {
        Path config = folder.resolve(TRANSFORMER).resolve("config.json");
        return Files.exists(config)
                && ComponentConfig.file(config)
                        .text("model_type")
                        .filter(TYPE::equals)
                        .isPresent();
    }

    @Override
    public VideoModel open(Path folder) {
        OpenSoraLimits limits = new OpenSoraLimits(
                OpenSoraConfig.of(ComponentConfig.read(folder.resolve(TRANSFORMER))),
                T5Config.of(ComponentConfig.read(folder.resolve("text_encoder"))),
                OpenSoraVaeConfig.of(ComponentConfig.read(folder.resolve("vae"))));
        return new OpenSoraModel(folder, limits);
    }
}
