package io.lowpass.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.testing.ToyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LowPassTest {

    @ParameterizedTest(name = "{0} x {1}, radius {2}")
    @CsvSource({"2,2,0.2,1", "4,6,0.2,1", "10,7,0.2,5", "22,40,0.2,49", "8,8,0.5,47", "5,5,1,25", "6,4,1,24"})
    void isTheSpectrumOfTheDefinition(int height, int width, double fraction, int bins) {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray images = ToyRun.noise(manager, 4, new Shape(1, 2, 3, height, width));
            LowPass lowPass = new LowPass(manager, height, width, fraction);
            // When
            double rms = lowPass.rms(images);
            // Then
            double expected = byDefinition(images.toFloatArray(), height, width, fraction);
            assertThat(rms).isCloseTo(expected, within(1e-5 * expected));
            assertThat(lowPass.bins()).isEqualTo(bins);
        }
    }

    @Test
    void aConstantIsAllInTheLowestBin() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // When
            double rms = new LowPass(manager, 4, 4, 0.2).rms(manager.full(new Shape(1, 4, 4), 0.5f));
            // Then
            assertThat(rms).isCloseTo(8, within(1e-5));
        }
    }

    @ParameterizedTest(name = "{0} x {1}, radius {2}")
    @CsvSource({"2,2,0.2", "4,6,0.2", "10,7,0.2", "22,40,0.2", "8,8,0.5"})
    void theLowImageHasTheSpectrumInTheDiscAndNothingElse(int height, int width, double fraction) {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray images = ToyRun.noise(manager, 4, new Shape(2, 3, height, width));
            LowPass lowPass = new LowPass(manager, height, width, fraction);

            // When
            NDArray low = lowPass.low(images);

            // Then: the rest has nothing in the disc, and by Parseval all of the low image's power is there
            assertThat(lowPass.rms(images.sub(low))).isCloseTo(0, within(1e-4));
            double power = Math.pow(lowPass.rms(images), 2) * lowPass.bins() * 6 / (height * width);
            assertThat((double) low.square().sum().getFloat()).isCloseTo(power, within(1e-4 * power));
        }
    }

    /** Sums e^(-2 pi i (u y / h + v x / w)) over the pixels, for each bin of the disc. */
    private static double byDefinition(float[] images, int height, int width, double fraction) {
        int radius = (int) (fraction * Math.min(height, width));
        double power = 0;
        int terms = 0;
        for (int u = -(height / 2); u < height - height / 2; u++) {
            for (int v = -(width / 2); v < width - width / 2; v++) {
                if (u * u + v * v <= radius * radius) {
                    power += power(images, height, width, u, v);
                    terms += images.length / (height * width);
                }
            }
        }
        return Math.sqrt(power / terms);
    }

    private static double power(float[] images, int height, int width, int u, int v) {
        double power = 0;
        for (int start = 0; start < images.length; start += height * width) {
            double real = 0;
            double imaginary = 0;
            for (int i = 0; i < height * width; i++) {
                double angle = 2 * Math.PI * ((double) u * (i / width) / height + (double) v * (i % width) / width);
                real += images[start + i] * Math.cos(angle);
                imaginary -= images[start + i] * Math.sin(angle);
            }
            power += real * real + imaginary * imaginary;
        }
        return power;
    }
}
