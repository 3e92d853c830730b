package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.tensor.Arrays;
import java.util.List;

/** The last two frames that a causal convolution has seen; none before the video. */
final class Window {

    private static final int DEPTH = 2;

    private List<NDArray> before = List.of();

    /** The frames before the batch. */
    List<NDArray> before() {
        return before;
    }

    /** Takes the new last two off the end of a convolution's results and keeps them; returns the others. */
    List<NDArray> split(Batch batch, List<NDArray> results) {
        int count = results.size() - DEPTH;
        before.forEach(NDArray::close);
        before = List.copyOf(results.subList(count, results.size()));
        before.forEach(frame -> Arrays.keep(frame, batch.memory()));
        return results.subList(0, count);
    }
}
