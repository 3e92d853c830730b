package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.Stream;

/**
 * A layer that is one kernel and keeps nothing: it computes each array of a batch, a frame or several in one, by itself
 * and hands it on by itself.
 *
 * @param kernel takes an array, the list of weights, then the settings
 * @param weights in the order of the kernel
 * @param settings in the order of the kernel
 */
public record KernelLayer(String kernel, List<NDArray> weights, List<Object> settings) implements VaeLayer {

    @Override
    public OpenLayer open() {
        return (batch, frames, next) -> frames.forEach(frame -> {
            NDArray result = apply(batch, frame);
            frame.close();
            next.accept(List.of(result));
        });
    }

    /** Computes an array, which stays. */
    NDArray apply(Batch batch, NDArray frame) {
        Object[] arguments =
                Stream.concat(Stream.of(frame, weights), settings.stream()).toArray();
        return batch.kernels().call(batch.memory(), kernel, arguments);
    }
}
