package io.lowpass.models.wan;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Safetensors;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WanTransformerTest {

    private static final Path GOLDEN = Path.of(System.getProperty("lowpass.root"), "shared/golden");

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wan-transformer-0", "wan-transformer-1", "wan-transformer-2"})
    void computesWhatTheReferenceComputes(String name) {
        // Given
        try (Safetensors reference = Safetensors.open(GOLDEN.resolve(name).resolve("tensors.safetensors"));
                WanTransformer transformer =
                        WanTransformer.load(GOLDEN.resolve("models/wan-transformer"), Precision.F32, Device.cpu())) {
            NDArray states = reference.get(manager, "in.encoder_hidden_states");
            NDArray latents = reference.get(manager, "in.hidden_states");
            double timestep = reference.get(manager, "in.timestep").toFloatArray()[0];
            // When
            Map<String, NDArray> seen = WanInspection.of(
                    transformer, latents, timestep, new PromptEmbedding(states, (int) states.getShape().get(1)));
            // Then
            reference.names().stream().filter(n -> n.startsWith("out.")).forEach(n -> {
                NDArray expected = reference.get(manager, n);
                NDArray actual = seen.get(n.substring(4));
                assertThat(actual).as(n).isNotNull();
                assertThat(actual.getShape()).as(n).isEqualTo(expected.getShape());
                double error = actual.sub(expected).abs().max().getFloat() / expected.abs().max().getFloat();
                assertThat(error).as(n).isLessThan(1e-5);
            });
        }
    }
}
