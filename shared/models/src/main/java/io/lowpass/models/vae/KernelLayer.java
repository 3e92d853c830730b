package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;
import java.util.List;
import java.util.stream.Stream;

/**
 * A layer that is one kernel, without a memory of frames that came before.
 *
 * @param kernel takes frames, the list of weights, then the settings
 * @param weights in the order of the kernel
 * @param settings in the order of the kernel
 */
public record KernelLayer(Kernels kernels, String kernel, List<NDArray> weights, List<Object> settings) {

    /**
     * Computes layers one after another.
     *
     * @param memory the manager that results belong to
     * @param frames in a shape of the family's; closed, as all is that layers make but the last
     */
    public static NDArray through(List<KernelLayer> layers, NDManager memory, NDArray frames) {
        NDArray x = frames;
        for (KernelLayer layer : layers) {
            NDArray next = layer.apply(memory, x);
            x.close();
            x = next;
        }
        return x;
    }

    private NDArray apply(NDManager memory, NDArray frames) {
        Object[] arguments =
                Stream.concat(Stream.of(frames, weights), settings.stream()).toArray();
        return kernels.call(memory, kernel, arguments);
    }
}
