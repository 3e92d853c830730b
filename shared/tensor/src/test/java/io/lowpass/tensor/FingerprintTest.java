package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {

    private static final String A = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    private static final String B = "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    private static final String BOTH = "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}";

    @TempDir
    private Path root;

    @Test
    void isTheSameHoweverTheTensorsAreSpreadAndWhereverTheModelCameFrom() throws IOException {
        // Given
        Path whole = model("whole", "{\"layers\": 2, \"width\": 3, \"_name_or_path\": \"here\"}");
        SafetensorsFile.write(
                whole.resolve("diffusion_pytorch_model.safetensors"), BOTH, SafetensorsFile.floats(3, 1, 2));
        Path sharded = model("sharded", "{\"width\": 3, \"_name_or_path\": \"there\", \"layers\": 2}");
        SafetensorsFile.write(sharded.resolve("one.safetensors"), A, SafetensorsFile.floats(1, 2));
        SafetensorsFile.write(sharded.resolve("two.safetensors"), B, SafetensorsFile.floats(3));
        Files.writeString(
                sharded.resolve("diffusion_pytorch_model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}}");

        // When
        String fingerprint = Fingerprint.of(List.of(whole));

        // Then
        assertThat(fingerprint).matches("sha256:[0-9a-f]{64}").isEqualTo(Fingerprint.of(List.of(sharded)));
    }

    @Test
    void changesWithASettingAWeightAndTheNumberOfComponents() throws IOException {
        // Given
        Path model = single("model", "{\"layers\": 2}", 1, 2);
        Path otherSetting = single("setting", "{\"layers\": 3}", 1, 2);
        Path otherWeight = single("weight", "{\"layers\": 2}", 1, 2.5f);

        // When
        List<String> fingerprints = List.of(
                Fingerprint.of(List.of(model)),
                Fingerprint.of(List.of(otherSetting)),
                Fingerprint.of(List.of(otherWeight)),
                Fingerprint.of(List.of(model, model)));

        // Then
        assertThat(fingerprints).doesNotHaveDuplicates();
    }

    @Test
    void aFolderWithoutWeightsIsRefused() throws IOException {
        // Given
        Path empty = model("empty", "{}");

        // When Then
        assertThatThrownBy(() -> Fingerprint.of(List.of(empty)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no diffusion_pytorch_model.safetensors");
    }

    private Path single(String name, String config, float... values) throws IOException {
        Path folder = model(name, config);
        SafetensorsFile.write(folder.resolve("diffusion_pytorch_model.safetensors"), A, SafetensorsFile.floats(values));
        return folder;
    }

    private Path model(String name, String config) throws IOException {
        Path folder = Files.createDirectory(root.resolve(name));
        Files.writeString(folder.resolve("config.json"), config);
        return folder;
    }
}
