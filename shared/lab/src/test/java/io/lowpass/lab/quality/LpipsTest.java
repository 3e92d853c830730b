package io.lowpass.lab.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LpipsTest {

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void distancesAreThoseOfTheReferenceImplementation() throws IOException {
        // Given frames and distances that the package lpips computed under the same random weights (reference.py)
        NDArray video;
        NDArray reference;
        float[] expected;
        try (Safetensors stored = Safetensors.open(reference())) {
            video = stored.get(manager, "in.video");
            reference = stored.get(manager, "in.reference");
            expected = stored.get(manager, "out.lpips").toFloatArray();
        }

        // When
        try (Lpips lpips = Lpips.open(weights(randomWeights()))) {
            float[] distances = lpips.distances(video, reference);

            // Then
            assertThat(distances).containsExactly(expected, within(1e-5f));
            assertThat(distances[2]).isZero();
            assertThat(lpips.distance(video, reference)).isCloseTo((expected[0] + expected[1]) / 3.0, within(1e-5));
        }
    }

    @Test
    void framesAreComparedInPartsWithoutMixingThem() throws IOException {
        // Given more frames than are compared at once, of which one differs
        NDArray reference = manager.zeros(new Shape(19, 3, 32, 32), DataType.UINT8);
        NDArray other = manager.ones(new Shape(1, 3, 32, 32), DataType.UINT8).mul(200);
        NDArray video = reference.get("0:17").concat(other, 0).concat(reference.get("18:"), 0);

        // When
        try (Lpips lpips = Lpips.open(weights(randomWeights()))) {
            float[] distances = lpips.distances(video, reference);

            // Then
            assertThat(distances).hasSize(19);
            assertThat(distances[17]).isPositive();
            distances[17] = 0;
            assertThat(distances).containsOnly(0);
        }
    }

    @Test
    void everyParameterThatIsMissingUnexpectedOrMisshapenIsNamed() throws IOException {
        // Given
        Map<String, NDArray> weights = randomWeights();
        weights.remove("features.8.bias");
        weights.put("lin2.model.1.weight", manager.zeros(new Shape(1, 256, 1, 1)));
        weights.put("classifier.1.bias", manager.zeros(new Shape(4)));
        Path file = weights(weights);

        // When Then
        assertThatThrownBy(() -> Lpips.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "3 parameter(s)",
                        "missing features.8.bias (256)",
                        "misshapen lin2.model.1.weight (1, 256, 1, 1), expected (1, 384, 1, 1)",
                        "unexpected classifier.1.bias (4)");
    }

    @Test
    void framesThatCannotBeComparedAreRefused() throws IOException {
        // Given
        NDArray small = manager.zeros(new Shape(1, 3, 31, 30), DataType.UINT8);
        NDArray fits = manager.zeros(new Shape(1, 3, 31, 31), DataType.UINT8);

        try (Lpips lpips = Lpips.open(weights(randomWeights()))) {
            // When Then
            assertThat(lpips.distance(fits, fits)).isZero();
            assertThatThrownBy(() -> lpips.distance(small, small)).hasMessageContaining("31x31");
            assertThatThrownBy(() -> lpips.distance(fits, small)).hasMessageContaining("(1, 3, 31, 30)");
        }
    }

    private static Path reference() {
        return Path.of(
                System.getProperty("lowpass.root"),
                "shared/lab/src/test/resources/io/lowpass/lab/quality/lpips/tensors.safetensors");
    }

    /** The weights of reference.py. */
    private Map<String, NDArray> randomWeights() {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        Map<String, Shape> shapes = Lpips.architecture().parameters();
        List<Integer> layers = List.of(0, 3, 6, 8, 10);
        for (int i = 0; i < layers.size(); i++) {
            String weight = "features." + layers.get(i) + ".weight";
            String bias = "features." + layers.get(i) + ".bias";
            String linear = "lin" + i + ".model.1.weight";
            Shape shape = shapes.get(weight);
            double scale = Math.sqrt(2.0 / (shape.get(1) * shape.get(2) * shape.get(3)));
            weights.put(weight, Noise.normal(manager, 10 + i, shape).mul(scale));
            weights.put(bias, Noise.normal(manager, 20 + i, shapes.get(bias)).mul(0.1));
            weights.put(
                    linear, Noise.normal(manager, 30 + i, shapes.get(linear)).abs());
        }
        return weights;
    }

    private Path weights(Map<String, NDArray> tensors) throws IOException {
        Map<String, ByteBuffer> data = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> data.put(name, bytes(tensor)));
        int[] offset = {0};
        String header = data.entrySet().stream()
                .map(entry -> {
                    int begin = offset[0];
                    offset[0] += entry.getValue().remaining();
                    String shape = tensors.get(entry.getKey()).getShape().toString();
                    return "\"" + entry.getKey() + "\":{\"dtype\":\"F32\",\"shape\":["
                            + shape.substring(1, shape.length() - 1) + "],\"data_offsets\":[" + begin + "," + offset[0]
                            + "]}";
                })
                .collect(Collectors.joining(",", "{", "}"));
        byte[] json = (header + " ".repeat((8 - header.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve("lpips.safetensors");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            out.write(json);
            for (ByteBuffer buffer : data.values()) {
                byte[] content = new byte[buffer.remaining()];
                buffer.get(content);
                out.write(content);
            }
        }
        return file;
    }

    private static ByteBuffer bytes(NDArray tensor) {
        float[] values = tensor.toFloatArray();
        ByteBuffer buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.flip();
    }
}
