package io.lowpass.caching;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.Features;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForecastTest {

    @ParameterizedTest
    @EnumSource
    void aContinuationLeavesNoPartialSums(Forecast.Form form) {
        // Given: 1, 2, 3 in both streams
        try (NDManager memory = NDManager.newBaseManager()) {
            Forecast series = new Forecast(memory, 2, form);
            for (int i = 0; i < 3; i++) {
                Shape shape = new Shape(1, 2, 1);
                series.update(i, Features.of(memory.full(shape, i + 1f), memory.full(shape, i + 1f)));
            }
            int kept = memory.getManagedArrays().size();
            // When
            Features next = series.at(3);
            // Then
            assertThat(next.video().toFloatArray()).containsExactly(4, 4);
            assertThat(next.text().orElseThrow().toFloatArray()).containsExactly(4, 4);
            assertThat(memory.getManagedArrays()).hasSize(kept + 2);
        }
    }
}
