package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.tensor.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Halves height and width, and the number of frames if there is a convolution for that. The first frame of a video
 * stays one frame.
 *
 * @param weight of the strided convolution, shape (channels, channels, 3, 3)
 * @param bias shape (channels)
 * @param overTime what makes one frame out of two and the one before them; null: frames are not halved
 */
record Downsample(NDArray weight, NDArray bias, @Nullable CausalConv overTime) implements Layer {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    @Override
    public Stage open(NDManager memory) {
        return overTime == null ? (frame, next) -> next.accept(halve(memory, frame)) : new Pairing(memory, overTime);
    }

    private NDArray halve(NDManager memory, NDArray frame) {
        NDArray result = KERNELS.call(memory, "halved", frame, weight, bias);
        frame.close();
        return result;
    }

    private final class Pairing implements Stage {

        private static final int WINDOW = 3;

        private final NDManager memory;
        private final CausalConv pair;
        private final List<NDArray> window = new ArrayList<>();

        Pairing(NDManager memory, CausalConv pair) {
            this.memory = memory;
            this.pair = pair;
        }

        @Override
        public void push(NDArray frame, Consumer<NDArray> next) {
            NDArray half = halve(memory, frame);
            NDScope.unregister(half);
            window.add(half);
            if (window.size() == 1) {
                next.accept(KERNELS.call(memory, "copied", half));
            } else if (window.size() == WINDOW) {
                NDArray result = pair.apply(memory, window.toArray(NDArray[]::new));
                window.remove(0).close();
                window.remove(0).close();
                next.accept(result);
            }
        }
    }
}
