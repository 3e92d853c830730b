package io.lowpass.tensor;

import static io.lowpass.tensor.SafetensorsFile.bfloats;
import static io.lowpass.tensor.SafetensorsFile.floats;
import static io.lowpass.tensor.SafetensorsFile.padded;
import static io.lowpass.tensor.SafetensorsFile.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static final String TWO = "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[8,14]}}";

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    private static byte[] twoData() {
        byte[] data = new byte[14];
        System.arraycopy(floats(1.5f, -2), 0, data, 0, 8);
        System.arraycopy(bfloats(3, 4, -0.5f), 0, data, 8, 6);
        return data;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void readsTensorsWhereverTheHeaderEnds(int offset) throws IOException {
        // Given
        Path file = write(folder.resolve("model.safetensors"), padded(TWO, offset), twoData());
        try (Safetensors tensors = Safetensors.open(folder)) {
            // When
            NDArray a = tensors.get(manager, "a");
            NDArray b = tensors.get(manager, "b", Precision.F32);
            // Then
            assertThat(tensors.source()).isEqualTo(file.getParent());
            assertThat(tensors.bytes()).isEqualTo(14);
            assertThat(tensors.names()).containsExactly("a", "b");
            assertThat(tensors.shapes()).containsEntry("b", new Shape(3));
            assertThat(a.getShape()).isEqualTo(new Shape(2, 1));
            assertThat(a.toFloatArray()).containsExactly(1.5f, -2);
            assertThat(b.toFloatArray()).containsExactly(3, 4, -0.5f);
        }
    }

    @Test
    void arraysOutliveTheFileAndTheScopeInWhichItWasMapped() throws IOException {
        // Given
        Path file = write(folder.resolve("model.bf16.safetensors"), padded(TWO, 0), twoData());
        NDArray a;
        try (Safetensors tensors = Safetensors.open(file)) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                tensors.get(manager, "a", Precision.F32);
            }
            // When
            a = tensors.get(manager, "a", Precision.F32);
        }
        // Then
        assertThat(a.toFloatArray()).containsExactly(1.5f, -2);
    }

    @Test
    void convertsBetweenPrecisions() throws IOException {
        // Given
        write(folder.resolve("model.safetensors"), padded(TWO, 0), twoData());
        try (Safetensors tensors = Safetensors.open(folder)) {
            // When
            NDArray half = tensors.get(manager, "a", Precision.F16);
            NDArray brain = tensors.get(manager, "a", Precision.BF16);
            // Then
            assertThat(half.getDataType()).isEqualTo(DataType.FLOAT16);
            assertThat(brain.toType(DataType.FLOAT32, false).toFloatArray()).containsExactly(1.5f, -2);
        }
    }

    @Test
    void readsWholeNumbersAsTheyAreButNotAsWeights() throws IOException {
        // Given
        write(
                folder.resolve("model.safetensors"),
                padded("{\"ids\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 0),
                (byte) 7,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0,
                (byte) 0);
        try (Safetensors tensors = Safetensors.open(folder)) {
            // When
            NDArray ids = tensors.get(manager, "ids");
            // Then
            assertThat(ids.toLongArray()).containsExactly(7);
            assertThatThrownBy(() -> tensors.get(manager, "ids", Precision.F32))
                    .hasMessageContainingAll("ids", "I64", "F32, BF16, F16, F64");
            assertThatThrownBy(() -> tensors.get(manager, "other")).hasMessageContaining("no tensor 'other'");
        }
    }

    @Test
    void readsShardsListedByAnIndex() throws IOException {
        // Given
        write(
                folder.resolve("m-1.safetensors"),
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                floats(1));
        write(
                folder.resolve("m-2.safetensors"),
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                floats(2));
        Files.writeString(
                folder.resolve("diffusion_pytorch_model.safetensors.index.json"),
                "{\"weight_map\":{\"b\":\"m-2.safetensors\",\"a\":\"m-1.safetensors\"}}");
        try (Safetensors tensors = Safetensors.open(folder)) {
            // When
            float b = tensors.get(manager, "b").toFloatArray()[0];
            // Then
            assertThat(tensors.names()).containsExactly("a", "b");
            assertThat(b).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("wrongIndexes")
    void refusesAnIndexThatDoesNotFitItsShards(String index, String problem) throws IOException {
        // Given
        write(
                folder.resolve("m.safetensors"),
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                floats(1));
        write(
                folder.resolve("n.safetensors"),
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                floats(1));
        Files.writeString(folder.resolve("model.safetensors.index.json"), index);
        // When
        // Then
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining(problem);
    }

    static Stream<Arguments> wrongIndexes() {
        return Stream.of(
                Arguments.of("{", "not JSON"),
                Arguments.of("{\"weight_map\":{}}", "no weight_map"),
                Arguments.of("[]", "no weight_map"),
                Arguments.of("{\"weight_map\":{\"a\":null}}", "names the shard 'null'"),
                Arguments.of("version https://git-lfs.github.com/spec/v1\nsize 9\n", "run `git lfs pull` in "),
                Arguments.of("{\"weight_map\":{\"a\":\"x.safetensors\"}}", "x.safetensors, which does not exist"),
                Arguments.of("{\"weight_map\":{\"a\":\"../m.safetensors\"}}", "'../m.safetensors'"),
                Arguments.of(
                        "{\"weight_map\":{\"b\":\"m.safetensors\"}}", "'b' in m.safetensors, which does not have it"),
                Arguments.of(
                        "{\"weight_map\":{\"a\":\"m.safetensors\",\"b\":\"n.safetensors\"}}", "'b' in n.safetensors"));
    }

    @Test
    void refusesATensorThatTwoShardsHold() throws IOException {
        // Given
        String one = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        String both = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}";
        write(folder.resolve("m.safetensors"), one, floats(1));
        write(folder.resolve("n.safetensors"), both, floats(1, 2));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"m.safetensors\",\"b\":\"n.safetensors\"}}");
        // When
        // Then
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("tensor 'a' is both in");
    }

    @Test
    void refusesAFolderWithoutWeightsOrWithTwoSets() throws IOException {
        // Given
        assertThatThrownBy(() -> Safetensors.open(folder))
                .hasMessageContaining("has no diffusion_pytorch_model.safetensors");
        write(folder.resolve("model.safetensors"), padded(TWO, 0), twoData());
        write(folder.resolve("diffusion_pytorch_model.safetensors"), padded(TWO, 0), twoData());
        // When
        // Then
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageContaining("more than one set of weights");
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none"))).hasMessageContaining("does not exist");
    }

    @ParameterizedTest
    @MethodSource("wrongHeaders")
    void refusesAMalformedHeader(String header, int bytes, String problem) throws IOException {
        // Given
        Path file = write(folder.resolve("model.safetensors"), header, new byte[bytes]);
        // When
        // Then
        assertThatThrownBy(() -> Safetensors.open(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(problem);
    }

    static Stream<Arguments> wrongHeaders() {
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
        return Stream.of(
                Arguments.of("{nothing}", 0, "not JSON"),
                Arguments.of("[]", 0, "no JSON object"),
                Arguments.of("{} {}", 0, "not JSON"),
                Arguments.of("{" + a + "," + a + "}", 8, "Duplicate"),
                Arguments.of("{" + a + "}", 7, "truncated: the tensors end"),
                Arguments.of("{" + a + "}", 9, "1 bytes behind the last tensor"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "needs dtype, shape and data_offsets"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "'a' needs"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", 8, "'a' needs"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}", 8, "'a' needs"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}",
                        8,
                        "weights are in F8_E4M3 (tensor 'a'), which Lowpass does not read yet;"
                                + " allowed are F32, BF16, F16, F64"),
                Arguments.of("{\"a\":{\"dtype\":null,\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "'a' needs"),
                Arguments.of("{\"a\":null}", 8, "'a' needs"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}}",
                        8,
                        "'a' needs"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[9223372036854775800,9223372036854775807]}}",
                        8,
                        "malformed: long overflow"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "takes 8 bytes"),
                Arguments.of("[".repeat(100_000), 0, "not JSON"),
                Arguments.of("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "takes 12 bytes"),
                Arguments.of(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
                        8,
                        "malformed: long overflow"),
                Arguments.of(
                        "{" + a + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                        12,
                        "tensor 'b' overlaps"),
                Arguments.of(
                        "{" + a + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]}}",
                        16,
                        "gap before tensor 'b'"));
    }

    @Test
    void refusesAFileThatEndsWithinItsHeader() throws IOException {
        // Given
        Path few = Files.write(folder.resolve("few.safetensors"), new byte[5]);
        Path shorter = write(folder.resolve("short.safetensors"), 100, "{}");
        Path huge = write(folder.resolve("huge.safetensors"), Long.MAX_VALUE, "{}");
        // When
        // Then
        assertThatThrownBy(() -> Safetensors.open(few)).hasMessageContaining("truncated: 5 bytes");
        assertThatThrownBy(() -> Safetensors.open(shorter)).hasMessageContaining("truncated: the header takes 108");
        assertThatThrownBy(() -> Safetensors.open(huge)).hasMessageContaining("header of 9223372036854775807 bytes");
    }

    @Test
    void refusesWeightsThatAreNumbersOfAQuantizer() throws IOException {
        // Given
        write(
                folder.resolve("model.safetensors"),
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
                (byte) 1,
                (byte) 2,
                (byte) 3,
                (byte) 4);
        Architecture architecture = new Architecture("transformer").parameter("a", 2, 4);
        // When, Then
        assertThatThrownBy(() -> Weights.open(folder, architecture, manager, Precision.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weights are in U8 (tensor 'a')");
    }
}
