package io.lowpass.models.opensora;

import ai.djl.Device;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.opensora.vae.OpenSoraVae;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.StoredBlocks;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A folder of Open-Sora 1.2. */
record OpenSoraModel(Path folder, OpenSoraLimits limits) implements VideoModel {

    /** What the official sampling uses; it is in no file. */
    @Override
    public Map<String, Object> schedulerConfig() {
        return Map.of("_class_name", "RFLOW", "num_timesteps", 1000, "use_timestep_transform", true);
    }

    /** {@inheritDoc} The official script's, for 240p in 9:16. */
    @Override
    public PipelineDefaults defaults() {
        return PipelineDefaults.of(new VideoSpec(240, 426, 51, 24, 7), 30, schedulerConfig())
                .in(folder);
    }

    /** {@inheritDoc} It has learned what stands for a negative prompt, and the video decides on the shift. */
    @Override
    public Set<String> ownFields() {
        return Set.of();
    }

    @Override
    public TransformerCost cost(int promptRows) {
        return limits.transformer().cost(promptRows).withKeptPrompt();
    }

    /** {@inheritDoc} Here it is the prompt for both branches: its length counts where its words do not. */
    @Override
    public String text(Branch branch, String prompt, String negativePrompt) {
        if (!negativePrompt.isBlank()) {
            throw new IllegalArgumentException(
                    "negativePrompt is '" + negativePrompt + "', allowed is none: Open-Sora has learned its own");
        }
        return prompt;
    }

    @Override
    public List<StoredBlocks> storedBlocks() {
        return List.of(new StoredBlocks(
                folder.resolve("transformer"), limits.transformer().blockNames()));
    }

    @Override
    public PromptEncoder openPrompts(Device device, Precision precision) {
        Path text = folder.resolve("text_encoder");
        Path own = folder.resolve("tokenizer");
        try (Opening opening = new Opening()) {
            Tokenizer tokenizer = Tokenizer.open(
                    Files.isDirectory(own) ? own : text, limits.transformer().captionRows());
            opening.opened(tokenizer::close);
            T5Encoder encoder = T5Encoder.open(text, device, precision);
            opening.opened(encoder::close);
            return opening.done(OpenSoraPromptEncoder.of(
                    tokenizer, encoder, OpenSoraScores.OFFICIAL, folder.resolve("transformer")));
        }
    }

    @Override
    public VideoTransformer openTransformer(Device device, Precision precision) {
        return OpenSoraTransformer.load(folder.resolve("transformer"), precision, device);
    }

    @Override
    public VideoVae openVae(Device device, Precision precision) {
        return OpenSoraVae.open(folder.resolve("vae"), device, precision);
    }
}
