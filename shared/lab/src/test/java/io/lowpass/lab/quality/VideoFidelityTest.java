package io.lowpass.lab.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VideoFidelityTest {

    private static final double PSNR = 33.68645187861164;
    private static final double SSIM = 0.9795462525362658;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");
    private final VideoFidelity fidelity = new VideoFidelity();

    @AfterEach
    void close() {
        fidelity.close();
        manager.close();
    }

    @Test
    void equalVideosAreAsCloseAsItGets() {
        // Given
        NDArray video = video(1, 0);

        // When
        double psnr = fidelity.psnr(video, video(1, 0));

        // Then
        assertThat(psnr).isEqualTo(100);
        assertThat(fidelity.ssim(video, video(1, 0))).isCloseTo(1, within(1e-12));
    }

    @Test
    void measuresAgreeWithScikitImage() {
        // Given two frames and what skimage.metrics says of them (see the formula in video())
        NDArray video = video(1, 0);
        NDArray reference = video(1, 9);

        // When
        double psnr = fidelity.psnr(video, reference);
        double ssim = fidelity.ssim(video, reference);

        // Then
        assertThat(psnr).isCloseTo(PSNR, within(1e-6));
        assertThat(ssim).isCloseTo(SSIM, within(1e-6));
    }

    @Test
    void psnrIsTheLogarithmOfTheMeanSquaredError() {
        // Given a single frame, of which there is no mean to take
        NDArray video = video(1, 0);
        NDArray reference = video(1, 9);

        // When
        double error = fidelity.meanSquaredError(video, reference);

        // Then
        assertThat(-10 * Math.log10(error)).isCloseTo(PSNR, within(1e-6));
    }

    @Test
    void videosOfDifferentShapesAreRefused() {
        // Given
        NDArray one = video(1, 0);
        NDArray two = video(2, 0);

        // When Then
        assertThatThrownBy(() -> fidelity.psnr(one, two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("(1, 3, 20, 24)");
    }

    /** Frames with waves and a little deterministic grain. */
    private NDArray video(int frames, int grain) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(frames * 3 * 20 * 24);
        for (int i = 0; i < bytes.capacity(); i++) {
            int x = i % 24;
            int y = i / 24 % 20;
            double wave = 128 + 80 * Math.sin(0.4 * x) * Math.cos(0.3 * y);
            bytes.put((byte) Math.floor(wave + grain * ((i * 7919L % 101) / 50.0 - 1)));
        }
        bytes.rewind();
        return manager.create(bytes, new Shape(frames, 3, 20, 24), ai.djl.ndarray.types.DataType.UINT8);
    }
}
