package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.wan.WanConfig;
import io.lowpass.models.wan.WanTransformer;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One pass of Wan's transformer, with what happens inside it. */
final class WanTransformerCheck implements Check {

    private static final int CHANNELS = 1;

    // Wan uses only the image of the specification.
    private static final VideoSpec ANY = new VideoSpec(1, 1, 1, 1, 1);

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Map<String, NDArray> inputs = reference.inputs(memory);
        NDArray states = Objects.requireNonNull(inputs.get("encoder_hidden_states"));
        NDArray embedded = Objects.requireNonNull(inputs.get("hidden_states"));
        double timestep = Objects.requireNonNull(inputs.get("timestep"))
                .toType(DataType.FLOAT32, true)
                .toFloatArray()[0];
        PromptEmbedding prompt =
                new PromptEmbedding(states, (int) states.getShape().get(1));
        try (WanTransformer transformer = WanTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            NDList parts = parts(embedded, transformer.config());
            VideoSpec spec = parts.size() == 1 ? ANY : ANY.from(new ImageCondition(parts.get(1), image(inputs)));
            comparison.offerAll(transformer.inspect(parts.get(0), timestep, prompt, spec));
        }
    }

    /** The latents and the condition, if any, which the reference receives concatenated. */
    private static NDList parts(NDArray embedded, WanConfig config) {
        return config.conditionChannels() == 0
                ? new NDList(embedded)
                : embedded.split(new long[] {config.outChannels()}, CHANNELS);
    }

    /** The states of one image, or those of two behind each other. */
    private static Optional<NDArray> image(Map<String, NDArray> inputs) {
        return Optional.ofNullable(inputs.get("encoder_hidden_states_image"))
                .map(states -> states.reshape(1, -1, states.getShape().get(2)));
    }
}
