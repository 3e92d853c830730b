package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseTest {

    private static final Path CASE =
            Path.of(System.getProperty("lowpass.root"), "shared/golden/random-normal/tensors.safetensors");

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 42, 123456789012345L, Long.MAX_VALUE})
    void equalsTheReferenceBitForBit(long seed) {
        // Given
        try (Safetensors reference = Safetensors.open(CASE)) {
            NDArray expected = reference.get(manager, "out.seed_" + seed);
            // When
            NDArray noise = Noise.normal(manager, seed, new Shape(1, 16, 2, 4, 6));
            // Then
            assertThat(noise.toFloatArray()).isEqualTo(expected.toFloatArray());
        }
    }

    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        // Given
        float[] expected = Noise.normal(manager, 7, new Shape(999)).toFloatArray();
        ExecutorService threads = Executors.newFixedThreadPool(3, new TorchThreads(1).factory("noise"));
        // When
        List<Future<float[]>> draws = IntStream.range(0, 60)
                .mapToObj(i -> threads.submit(() -> Noise.normal(manager, i % 2 == 0 ? 7 : i, new Shape(999))
                        .toFloatArray()))
                .toList();
        // Then
        for (int i = 0; i < draws.size(); i += 2) {
            assertThat(draws.get(i).get()).isEqualTo(expected);
        }
        threads.shutdown();
    }
}
