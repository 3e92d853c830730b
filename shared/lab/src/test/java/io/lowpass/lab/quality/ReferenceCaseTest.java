package io.lowpass.lab.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceCaseTest {

    private static final Path GOLDEN = Path.of(System.getProperty("lowpass.root"), "shared", "golden");

    @Test
    void aCaseKnowsItsModelItsSettingsAndItsTensors() {
        // Given
        Path folder = GOLDEN.resolve("wan-transformer-0");

        // When
        ReferenceCase reference = ReferenceCase.read(folder);

        // Then
        assertThat(reference.component()).isEqualTo("transformer");
        assertThat(reference.model()).isEqualTo(GOLDEN.resolve("models/wan-transformer"));
        assertThat(reference.tolerance()).isEqualTo(1e-4);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            assertThat(reference.inputs(manager))
                    .containsOnlyKeys("encoder_hidden_states", "hidden_states", "timestep");
            assertThat(reference.expected(manager).get("sample").getShape()).isEqualTo(new Shape(1, 16, 3, 6, 10));
        }
    }

    @Test
    void aCaseWithoutToleranceIsRefused(@TempDir Path folder) throws IOException {
        // Given
        Files.writeString(folder.resolve("case.json"), "{\"component\": \"random\"}");

        // When Then
        assertThatThrownBy(() -> ReferenceCase.read(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'tolerance'");
    }

    @Test
    void onlyFoldersWithACaseCount() {
        // When
        var folders = ReferenceCase.foldersIn(GOLDEN);

        // Then
        assertThat(folders).contains(GOLDEN.resolve("random-normal")).doesNotContain(GOLDEN.resolve("models"));
    }
}
