package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.hunyuan.HunyuanTransformer;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;

/** One pass of HunyuanVideo's transformer, with what happens inside it. */
final class HunyuanTransformerCheck implements Check {

    // The reference receives the guidance scale times a thousand, like the timestep.
    private static final double TRAINING_SCALE = 1000;

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Map<String, NDArray> inputs = reference.inputs(memory);
        NDArray states = Objects.requireNonNull(inputs.get("encoder_hidden_states"));
        NDArray latents = Objects.requireNonNull(inputs.get("hidden_states"));
        PromptEmbedding prompt = new PromptEmbedding(
                states,
                (int) LongStream.of(Objects.requireNonNull(inputs.get("encoder_attention_mask"))
                                .toLongArray())
                        .sum(),
                Optional.ofNullable(inputs.get("pooled_projections")));
        double guidance = inputs.containsKey("guidance") ? number(inputs, "guidance") / TRAINING_SCALE : 1;
        // The model uses only the guidance scale.
        VideoSpec spec = new VideoSpec(1, 1, 1, 1, guidance);
        try (HunyuanTransformer transformer = HunyuanTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            comparison.offerAll(transformer.inspect(latents, number(inputs, "timestep"), prompt, spec));
        }
    }

    private static double number(Map<String, NDArray> inputs, String name) {
        return Objects.requireNonNull(inputs.get(name)).toFloatArray()[0];
    }
}
