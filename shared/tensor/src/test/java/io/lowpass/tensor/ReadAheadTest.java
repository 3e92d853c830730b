package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private static final Path TRANSFORMER =
            Path.of(System.getProperty("lowpass.root"), "shared/demo-model/transformer");

    @Test
    void partsCoverTheirTensorsAndNoOthers() {
        // Given
        try (Safetensors file = Safetensors.open(TRANSFORMER);
                ReadAhead files = ReadAhead.of(TRANSFORMER, List.of("blocks.0.", "blocks.11."), Precision.BF16)) {
            // When
            long expected = file.names().stream()
                    .filter(name -> name.startsWith("blocks.11."))
                    .mapToLong(name -> file.range(name).to() - file.range(name).from())
                    .sum();
            // Then
            assertThat(files.parts()).isEqualTo(2);
            assertThat(files.bytes(1)).isEqualTo(expected).isPositive();
        }
    }

    @Test
    void aPartThatIsAskedForIsReadToItsEnd() throws InterruptedException {
        // Given
        try (ReadAhead files = ReadAhead.of(TRANSFORMER, List.of("blocks.0.", "blocks.1."), Precision.BF16)) {
            // When
            files.request(1);
            files.await();
            // Then
            assertThat(files.bytesRead()).isEqualTo(files.bytes(1));
        }
    }

    @Test
    void refusesAPartWithoutTensorsAndAPrecisionThatIsNotStored() {
        assertThatThrownBy(() -> ReadAhead.of(TRANSFORMER, List.of("blocks.12."), Precision.BF16))
                .hasMessageContaining("no tensor whose name starts with 'blocks.12.'");
        assertThatThrownBy(() -> ReadAhead.of(TRANSFORMER, List.of("blocks.0."), Precision.F32))
                .hasMessageContaining("dtype is f32, allowed is bf16");
    }
}
