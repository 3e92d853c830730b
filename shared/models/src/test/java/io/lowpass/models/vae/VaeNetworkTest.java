package io.lowpass.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaeNetworkTest {

    private static final Path FOLDER = ReferenceTensors.golden("models/wan-vae-8x4");

    /** Fits whatever the folder holds, and then not into memory. */
    private record TooLarge(List<NDManager> owners) implements VaePart<KernelLayer> {

        @Override
        public void declare(Architecture architecture) {
            try (Safetensors file = Safetensors.open(FOLDER)) {
                file.shapes().forEach((name, shape) -> architecture.parameter(name, shape.getShape()));
            }
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            owners.add(weights.weights().owner());
            throw new EngineException("not enough memory");
        }
    }

    @Test
    void weightsOfLayersThatCannotBeBuiltDoNotStayWhateverTheReason() {
        // Given
        List<NDManager> owners = new ArrayList<>();
        VaeLayout<KernelLayer> layout = new VaeLayout<>(List.of(new TooLarge(owners)), List.of());
        Kernels kernels = Kernels.compile("same", "def same(x: Tensor) -> Tensor:\n    return x\n");
        // When
        // Then
        assertThatThrownBy(() -> VaeNetwork.open(FOLDER, layout, kernels, Device.cpu(), Precision.F32))
                .isInstanceOf(EngineException.class);
        assertThat(owners)
                .singleElement()
                .satisfies(owner -> assertThat(owner.isOpen()).isFalse());
    }
}
