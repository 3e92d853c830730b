package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelsTest {

    @Test
    void kernelsAreWrittenAsPythonIs() {
        // Given
        String source = """
                # What the file is about.
                from io.lowpass.tensor.shared import twice


                def scaled(x: Tensor, factor: float = 3.) -> Tensor:
                    \"""x factor; not twice(x).\"""
                    return x * factor


                def halves(
                    x: Tensor, weights: List[Tensor]
                ) -> Tuple[Tensor, Tensor]:
                    weight, bias = weights
                    # The first half of a row, and the rest.
                    y = (twice(x) * weight + bias).to(torch.float64)
                    return (y[:, :1], scaled(y[:, 1:]))
                """;
        // When
        try (Kernels kernels = Kernels.compile("halves", source);
                NDManager memory = NDManager.newBaseManager()) {
            NDArray x = memory.create(new float[][] {{1, 2, 3}});
            List<NDArray> weights = List.of(memory.create(10f), memory.create(1f));
            List<NDArray> halves = kernels.callAll(memory, "halves", x, weights);
            // Then
            assertThat(halves.get(0).toDoubleArray()).containsExactly(21);
            assertThat(halves.get(1).toDoubleArray()).containsExactly(3 * 41, 3 * 61);
            assertThat(kernels.call(memory, "scaled", x).toFloatArray()).containsExactly(3, 6, 9);
        }
    }

    @Test
    void onlyWhatIsImportedAndWhatThatCallsIsTakenFromAnotherFile() {
        // Given
        String source =
                "from io.lowpass.tensor.shared import four_times\n\ndef other(x: Tensor) -> Tensor:\n    return -x\n";
        // When
        try (Kernels kernels = Kernels.compile("mine", source);
                NDManager memory = NDManager.newBaseManager()) {
            NDArray x = memory.create(2f);
            // Then
            assertThat(kernels.call(memory, "four_times", x).getFloat()).isEqualTo(8);
            assertThat(kernels.call(memory, "other", x).getFloat()).isEqualTo(-2);
        }
    }

    @Test
    void aMistakeInAFileIsNamedWithFileAndLine() {
        // Given
        String source = "# mine\n\ndef first(x: Tensor) -> Tensor:\n    y = x\n    return unknown(y)\n";
        // When
        // Then
        assertThatThrownBy(() -> Kernels.compile("mine.torchscript", source))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("undefined value unknown")
                .hasMessageContaining("mine.torchscript, line 5");
    }

    @Test
    void whatFailsInACallIsNamedWithFileAndLineOfEachFunctionThatItIsIn() {
        // Given
        String source = "from io.lowpass.tensor.shared import product\n\n"
                + "def first(x: Tensor) -> Tensor:\n    return product(x, x)\n";
        try (Kernels kernels = Kernels.compile("mine.torchscript", source);
                NDManager memory = NDManager.newBaseManager()) {
            NDArray x = memory.create(new float[][] {{1, 2, 3}});
            // When
            // Then
            assertThatThrownBy(() -> kernels.call(memory, "first", x))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("mine.torchscript, line 4, in first")
                    .hasMessageContaining("shared.torchscript, line 14, in product")
                    .hasMessageContaining("cannot be multiplied");
        }
    }

    @Test
    void importsThatFindNothingAreRefused() {
        assertThatThrownBy(() -> Kernels.compile("mine", "\nfrom io.lowpass.tensor.absent import twice\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine, line 2: there is no io/lowpass/tensor/absent.torchscript");
        assertThatThrownBy(() -> Kernels.compile("mine", "from io.lowpass.tensor.shared import thrice\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine, line 1: io/lowpass/tensor/shared.torchscript has no function 'thrice'");
        assertThatThrownBy(() -> Kernels.compile(KernelsTest.class, "absent.torchscript"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no resource absent.torchscript beside io.lowpass.tensor.KernelsTest");
    }

    @Test
    void aNameIsGivenOnce() {
        // Given
        String source =
                "from io.lowpass.tensor.shared import four_times\n\ndef twice(x: Tensor) -> Tensor:\n    return x\n";
        // When
        // Then
        assertThatThrownBy(() -> Kernels.compile("mine", source))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine, line 3: function 'twice' is defined already in shared.torchscript, line 4");
    }
}
