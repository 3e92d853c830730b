package io.lowpass.lab.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorErrorTest {

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final TensorError error = new TensorError();

    @AfterEach
    void close() {
        error.close();
        manager.close();
    }

    @Test
    void theErrorIsRelativeToTheLargestExpectedValue() {
        // Given
        NDArray expected = manager.create(new float[] {0, -4, 2});
        NDArray ours = manager.create(new float[] {0.01f, -4, 2});

        // When
        double measured = error.of(ours, expected, 1e-4);

        // Then
        assertThat(measured).isCloseTo(0.0025, within(1e-9));
    }

    @Test
    void anotherShapeOrANumberThatIsNoneNeverPasses() {
        // Given
        NDArray expected = manager.create(new float[] {1, 2});
        NDArray longer = manager.create(new float[] {1, 2, 3});
        NDArray broken = manager.create(new float[] {1, Float.NaN});

        // When
        double ofLonger = error.of(longer, expected, 1e-4);
        double ofBroken = error.of(broken, expected, 1e-4);

        // Then
        assertThat(ofLonger).isInfinite();
        assertThat(ofBroken).isInfinite();
    }

    @Test
    void whereTheReferenceHoldsNoNumberThereIsNothingToCompare() {
        // Given
        NDArray expected = manager.create(new float[] {1, Float.NaN});
        NDArray finite = manager.create(new float[] {1, 2});
        NDArray broken = manager.create(new float[] {Float.NaN, 2});

        // When
        double ofFinite = error.of(finite, expected, 1e-4);
        double ofBroken = error.of(broken, expected, 1e-4);

        // Then
        assertThat(ofFinite).isZero();
        assertThat(ofBroken).isInfinite();
    }

    @Test
    void framesMayDifferByOneLevelInOneValueOfTwoHundred() {
        // Given
        NDArray expected = manager.zeros(new Shape(400), DataType.UINT8);
        NDArray within = frames(2, 1);
        NDArray tooMany = frames(3, 1);
        NDArray tooFar = frames(1, 2);

        // When
        double passes = error.of(within, expected, 1e-4);
        double manyOff = error.of(tooMany, expected, 1e-4);
        double farOff = error.of(tooFar, expected, 1e-4);

        // Then
        assertThat(passes).isLessThanOrEqualTo(1e-4);
        assertThat(manyOff).isGreaterThan(1e-4);
        assertThat(farOff).isInfinite();
    }

    private NDArray frames(int changed, int level) {
        byte[] values = new byte[400];
        for (int i = 0; i < changed; i++) {
            values[i] = (byte) level;
        }
        return manager.create(java.nio.ByteBuffer.wrap(values), new Shape(400), DataType.UINT8);
    }
}
