package io.lowpass.local.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.models.wan.WanInspection;
import io.lowpass.models.wan.WanTransformer;
import io.lowpass.quality.ReferenceCase;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Objects;

/** One pass of Wan's transformer, with what happens inside it. */
final class WanTransformerCheck implements Check {

    private final ComponentFolder folders;

    WanTransformerCheck(ComponentFolder folders) {
        this.folders = folders;
    }

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        JsonNode config = folders.config(reference.model());
        if (config.hasNonNull("image_dim") || config.hasNonNull("added_kv_proj_dim")) {
            throw new Unsupported("Wan transformer conditioned on an image");
        }
        Map<String, NDArray> inputs = reference.inputs(memory);
        NDArray states = Objects.requireNonNull(inputs.get("encoder_hidden_states"));
        NDArray latents = Objects.requireNonNull(inputs.get("hidden_states"));
        double timestep = Objects.requireNonNull(inputs.get("timestep")).toFloatArray()[0];
        PromptEmbedding prompt =
                new PromptEmbedding(states, (int) states.getShape().get(1));
        try (WanTransformer transformer = WanTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            comparison.offerAll(WanInspection.of(transformer, latents, timestep, prompt));
        }
    }
}
