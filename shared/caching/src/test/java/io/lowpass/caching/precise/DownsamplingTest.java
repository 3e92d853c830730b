package io.lowpass.caching.precise;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.precise.Downsampling.Operator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownsamplingTest {

    private static final List<Integer> PATCH = List.of(1, 2, 2);

    @ParameterizedTest
    @CsvSource({"21,90,160,11,22,40", "21,60,104,11,14,26", "13,60,90,7,14,22", "17,60,80,9,14,20", "3,8,12,2,2,2"})
    void roundsUpAndCutsToWholePatches(long t, long h, long w, long smallT, long smallH, long smallW) {
        assertThat(Downsampling.PAPER.small(new Shape(1, 16, t, h, w), PATCH))
                .isEqualTo(new Shape(1, 16, smallT, smallH, smallW));
    }

    @Test
    void takesTheFirstCellOfEachWindow() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray latents = manager.arange(0f, 3 * 4 * 6).reshape(1, 1, 3, 4, 6);
            // When
            NDArray small = new Downsampling(2, 2, Operator.STRIDE).apply(latents, new Shape(1, 1, 2, 2, 2));
            // Then
            assertThat(small.toFloatArray()).containsExactly(0, 2, 12, 14, 48, 50, 60, 62);
        }
    }

    @Test
    void averagesWhatIsInEachWindow() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray latents = manager.arange(0f, 3 * 4 * 6).reshape(1, 1, 3, 4, 6);
            // When
            NDArray small = new Downsampling(2, 2, Operator.POOL).apply(latents, new Shape(1, 1, 2, 2, 2));
            // Then: windows of 8 cells in the first pair of frames, of 4 in the last frame, which is alone
            assertThat(small.toFloatArray()).containsExactly(15.5f, 17.5f, 27.5f, 29.5f, 51.5f, 53.5f, 63.5f, 65.5f);
        }
    }
}
