package io.lowpass.models.cogvideox;

import ai.djl.Device;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.cogvideox.vae.CogVideoXVae;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.StoredBlocks;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5PromptEncoder;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A folder of CogVideoX. */
record CogVideoXModel(DiffusersFolder folder, CogVideoXLimits limits, Map<String, Object> schedulerConfig)
        implements VideoModel {

    private static final int STEPS = 50;
    private static final double GUIDANCE = 6;

    /** Of version 1.0; version 1.5 makes twice as many. */
    private static final int FPS = 8;

    /** Of version 1.5, whose settings name the largest size in both directions; this is what it was published for. */
    private static final int HEIGHT = 768;

    private static final int WIDTH = 1360;

    /** {@inheritDoc} Padding is computed like any other token here. */
    @Override
    public TransformerCost cost(int promptRows) {
        return limits.transformer().cost(limits.promptLength());
    }

    @Override
    public Set<String> ownFields() {
        return Set.of("negativePrompt", "flowShift", "useDynamicCfg");
    }

    @Override
    public PipelineDefaults defaults() {
        CogVideoXConfig transformer = limits.transformer();
        boolean later = transformer.token().temporal();
        int height = transformer.sample().height() * limits.vae().spatialFactor();
        int width = transformer.sample().width() * limits.vae().spatialFactor();
        VideoSpec video = new VideoSpec(
                later ? Math.min(HEIGHT, height) : height,
                later ? Math.min(WIDTH, width) : width,
                transformer.sample().frames(),
                later ? 2 * FPS : FPS,
                GUIDANCE);
        return PipelineDefaults.of(video, STEPS, schedulerConfig).in(folder.path());
    }

    @Override
    public NoiseSource.Layout layout() {
        return NoiseSource.Layout.FRAMES_FIRST;
    }

    @Override
    public PromptEncoder openPrompts(Device device, Precision precision) {
        return T5PromptEncoder.open(
                folder.component("tokenizer"),
                folder.component("text_encoder"),
                limits.promptLength(),
                true,
                device,
                precision);
    }

    @Override
    public VideoTransformer openTransformer(Device device, Precision precision) {
        return CogVideoXTransformer.load(folder.component("transformer"), precision, device);
    }

    @Override
    public VideoVae openVae(Device device, Precision precision) {
        return CogVideoXVae.open(
                folder.component("vae"),
                device,
                precision,
                limits.transformer().token().span());
    }

    @Override
    public List<StoredBlocks> storedBlocks() {
        return List.of(new StoredBlocks(
                folder.component("transformer"), limits.transformer().blockNames()));
    }
}
