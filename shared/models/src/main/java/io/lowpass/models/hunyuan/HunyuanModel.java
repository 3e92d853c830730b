package io.lowpass.models.hunyuan;

import ai.djl.Device;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.hunyuan.vae.HunyuanVae;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.StoredBlocks;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.ClipTextEncoder;
import io.lowpass.models.text.LlamaEncoder;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A folder of HunyuanVideo. */
record HunyuanModel(DiffusersFolder folder, HunyuanLimits limits, Map<String, Object> schedulerConfig)
        implements VideoModel {

    /** {@inheritDoc} The guidance scale is an input of the transformer. */
    @Override
    public PipelineDefaults defaults() {
        return PipelineDefaults.of(new VideoSpec(720, 1280, 129, 24, 6), 50, schedulerConfig)
                .in(folder.path());
    }

    @Override
    public TransformerCost cost(int promptRows) {
        return limits.transformer().cost(promptRows);
    }

    /** The scale is an input of the transformer; there is no second branch. */
    @Override
    public Guidance guidance(double scale) {
        return Guidance.NONE;
    }

    /** A second branch only where it is asked for on top. */
    @Override
    public Guidance guidance(VideoSpec spec) {
        return spec.trueCfgScale().isPresent()
                ? new Guidance(spec.trueCfgScale().getAsDouble())
                : Guidance.NONE;
    }

    @Override
    public Set<String> ownFields() {
        return Set.of("negativePrompt", "flowShift", "trueCfgScale");
    }

    @Override
    public PromptEncoder openPrompts(Device device, Precision precision) {
        try (Opening opening = new Opening()) {
            Tokenizer tokenizer = Tokenizer.open(
                    folder.component("tokenizer"), HunyuanPrompts.QUESTION + HunyuanPrompts.PROMPT_LENGTH);
            opening.opened(tokenizer::close);
            LlamaEncoder llama = LlamaEncoder.open(
                    folder.component("text_encoder"), device, precision, HunyuanPrompts.SKIPPED_LAYERS);
            opening.opened(llama::close);
            Tokenizer clipTokenizer = Tokenizer.open(
                    folder.component("tokenizer_2"), limits.pooledEncoder().positions());
            opening.opened(clipTokenizer::close);
            ClipTextEncoder clip = ClipTextEncoder.open(folder.component("text_encoder_2"), device, precision);
            return opening.done(new HunyuanPrompts(tokenizer, llama, clipTokenizer, clip));
        }
    }

    @Override
    public VideoTransformer openTransformer(Device device, Precision precision) {
        return HunyuanTransformer.load(folder.component("transformer"), precision, device);
    }

    @Override
    public VideoVae openVae(Device device, Precision precision) {
        return HunyuanVae.open(folder.component("vae"), device, precision);
    }

    @Override
    public List<StoredBlocks> storedBlocks() {
        return List.of(new StoredBlocks(
                folder.component("transformer"), limits.transformer().blockNames()));
    }
}
