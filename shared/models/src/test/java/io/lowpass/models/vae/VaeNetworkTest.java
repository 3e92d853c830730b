package io.lowpass.models.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.ReferenceTensors;
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
    private static List<VaeLayer> tooLarge(VaeParameters all, List<NDManager> owners) {
        try (Safetensors file = Safetensors.open(FOLDER)) {
            file.shapes().forEach((name, shape) -> all.plain(name, shape.getShape()));
        }
        all.layer("same").weights().stream().limit(1).forEach(weight -> {
            owners.add(weight.getManager());
            throw new EngineException("not enough memory");
        });
        return List.of();
    }

    @Test
    void weightsOfLayersThatCannotBeBuiltDoNotStayWhateverTheReason() {
        // Given
        List<NDManager> owners = new ArrayList<>();
        VaeLayout layout = new VaeLayout(all -> tooLarge(all, owners), all -> List.of());
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
