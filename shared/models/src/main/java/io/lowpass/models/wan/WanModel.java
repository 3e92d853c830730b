package io.lowpass.models.wan;

import ai.djl.Device;
import io.lowpass.diffusion.TransformerCost;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.models.pipeline.DiffusersFolder;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.PromptEncoder;
import io.lowpass.models.text.T5Encoder;
import io.lowpass.models.text.T5PromptEncoder;
import io.lowpass.models.text.Tokenizer;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.models.vae.WanVae;
import io.lowpass.tensor.Precision;
import java.util.Collections;
import java.util.Map;

/** A folder of Wan 2.1. */
record WanModel(DiffusersFolder folder, WanLimits limits, Map<String, Object> schedulerConfig) implements VideoModel {

    WanModel {
        // Not a copy of an immutable kind: settings may be null.
        schedulerConfig = Collections.unmodifiableMap(schedulerConfig);
    }

    @Override
    public TransformerCost cost(int promptRows) {
        return limits.transformer().cost(promptRows);
    }

    @Override
    public PromptEncoder openPrompts(Device device, Precision precision) {
        Tokenizer tokenizer = Tokenizer.open(folder.component("tokenizer"), WanLimits.PROMPT_LENGTH);
        try {
            return new T5PromptEncoder(tokenizer, T5Encoder.open(folder.component("text_encoder"), device, precision));
        } catch (IllegalArgumentException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public VideoTransformer openTransformer(Device device, Precision precision) {
        return WanTransformer.load(folder.component("transformer"), precision, device);
    }

    @Override
    public VideoVae openVae(Device device, Precision precision) {
        return WanVae.open(folder.component("vae"), device, precision);
    }
}
