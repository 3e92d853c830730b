package io.lowpass.models.cogvideox;

import ai.djl.Device;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.TransformerCost;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.cogvideox.vae.CogVideoXVae;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.StoredBlocks;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Precision;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/** A folder of CogVideoX. */
record CogVideoXModel(DiffusersFolder folder, CogVideoXLimits limits, Map<String, Object> schedulerConfig)
        implements VideoModel {

    private static final String STOCHASTIC = "CogVideoXDPMScheduler";
    private static final int STEPS = 50;
    private static final double GUIDANCE = 6;

    /** Of version 1.0; version 1.5 makes twice as many. */
    private static final int FPS = 8;

    CogVideoXModel {
        // Not a copy of an immutable kind: settings may be null.
        schedulerConfig = Collections.unmodifiableMap(schedulerConfig);
    }

    /** {@inheritDoc} Padding is computed like any other token here. */
    @Override
    public TransformerCost cost(int promptRows) {
        return limits.transformer().cost(limits.promptLength());
    }

    @Override
    public Optional<PipelineDefaults> defaults() {
        CogVideoXConfig transformer = limits.transformer();
        boolean stochastic = STOCHASTIC.equals(schedulerConfig.get("_class_name"));
        return Optional.of(new PipelineDefaults(
                transformer.sampleHeight() * limits.vae().spatialFactor(),
                transformer.sampleWidth() * limits.vae().spatialFactor(),
                transformer.sampleFrames(),
                transformer.temporal() ? 2 * FPS : FPS,
                STEPS,
                GUIDANCE,
                Schedulers.shiftOf(schedulerConfig),
                stochastic ? "sde-dpm++" : "ddim",
                Schedulers.suiting(schedulerConfig)));
    }

    @Override
    public NoiseSource.Layout layout() {
        return NoiseSource.Layout.FRAMES_FIRST;
    }

    @Override
    public PromptEncoder openPrompts(Device device, Precision precision) {
        Tokenizer tokenizer = Tokenizer.open(folder.component("tokenizer"), limits.promptLength());
        try {
            return new CogVideoXPromptEncoder(
                    tokenizer, T5Encoder.open(folder.component("text_encoder"), device, precision));
        } catch (IllegalArgumentException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public VideoTransformer openTransformer(Device device, Precision precision) {
        return CogVideoXTransformer.load(folder.component("transformer"), precision, device);
    }

    @Override
    public VideoVae openVae(Device device, Precision precision) {
        return CogVideoXVae.open(
                folder.component("vae"), device, precision, limits.transformer().span());
    }

    @Override
    public Optional<StoredBlocks> storedBlocks() {
        return Optional.of(StoredBlocks.numbered(
                folder.component("transformer"),
                "transformer_blocks.",
                limits.transformer().depth()));
    }
}
