package io.lowpass.lab.evaluate.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.LowPass;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SingleReuseTest {

    private static final int SIDE = 10;
    private static final Shape LATENTS = new Shape(1, 1, 1, SIDE, SIDE);

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final LowPass lowPass = new LowPass(manager, SIDE, SIDE, 0.2);

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aBandIsReusedAndTheRestIsOfTheStepItself() {
        // Given: a level, which is as low as frequencies go, and squares, which are as high
        NDArray now = level(1).add(squares(10));
        NDArray before = level(3).add(squares(40));

        // When
        NDArray whole = Band.WHOLE.reused(now, before, lowPass);
        NDArray low = Band.LOW.reused(now, before, lowPass);
        NDArray high = Band.HIGH.reused(now, before, lowPass);

        // Then
        assertEqual(whole, before);
        assertEqual(low, level(3).add(squares(10)));
        assertEqual(high, level(1).add(squares(40)));
    }

    @Test
    void stepsThatAreReusedAreSpreadFromTheFirstToTheLast() {
        assertThat(FiguresTest.settings(12, 4).reused()).isEqualTo(List.of(1, 5, 9, 11));
        assertThat(FiguresTest.settings(3, 1).reused()).isEqualTo(List.of(1, 2));
        assertThat(FiguresTest.settings(1, 1).reused()).isEmpty();
    }

    @Test
    void aResolutionFitsWhereAPatchIsLeft() {
        // Given
        Shape latents = new Shape(1, 16, 5, 16, 8);
        List<Integer> patch = List.of(1, 2, 2);

        // When Then
        assertThat(new Resolution(4, 4).fits(latents, patch)).isTrue();
        assertThat(new Resolution(1, 8).fits(latents, patch)).isFalse();
        assertThat(new Resolution(2, 4).label()).isEqualTo("2x4x4");
    }

    private NDArray level(double value) {
        return manager.full(LATENTS, (float) value);
    }

    /** A chequerboard of a value and its negative. */
    private NDArray squares(double value) {
        float[] values = new float[SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i / SIDE + i % SIDE) % 2 == 0 ? value : -value);
        }
        return manager.create(values, LATENTS);
    }

    private static void assertEqual(NDArray actual, NDArray expected) {
        assertThat(actual.sub(expected).abs().max().getFloat()).isCloseTo(0, within(1e-4f));
    }
}
