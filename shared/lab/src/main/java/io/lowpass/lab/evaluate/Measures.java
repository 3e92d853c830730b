package io.lowpass.lab.evaluate;

import ai.djl.ndarray.NDArray;
import io.lowpass.lab.quality.Lpips;
import io.lowpass.lab.quality.VideoFidelity;
import java.nio.file.Path;
import java.util.Optional;

/** Compares videos by all fidelity measures. */
final class Measures implements AutoCloseable {

    private final Optional<Lpips> lpips;
    private final VideoFidelity fidelity;

    /**
     * Loads the weights.
     *
     * @param weights weights of LPIPS; without them it is not measured
     * @throws IllegalArgumentException if they do not fit LPIPS
     */
    Measures(Optional<Path> weights) {
        lpips = weights.map(Lpips::open);
        fidelity = new VideoFidelity();
    }

    Fidelity between(NDArray video, NDArray reference) {
        return new Fidelity(
                fidelity.psnr(video, reference),
                fidelity.ssim(video, reference),
                lpips.map(distance -> distance.distance(video, reference)));
    }

    @Override
    public void close() {
        fidelity.close();
        lpips.ifPresent(Lpips::close);
    }
}
