package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;
import java.util.List;
import java.util.function.Consumer;

/**
 * Doubles height and width, and the number of frames if there are convolutions for that. The first frame of a video
 * stays one frame, and does not count as a predecessor of the second.
 *
 * @param weight of the convolution after the enlargement, shape (out, in, 3, 3)
 * @param bias shape (out)
 * @param overTime what makes the first and the second of two frames out of one; empty: frames are not doubled
 */
record Upsample(NDArray weight, NDArray bias, List<CausalConv> overTime) implements Layer {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    @Override
    public Stage open(NDManager memory) {
        return overTime.isEmpty() ? (frame, next) -> enlarge(memory, frame, next) : new Doubling(memory);
    }

    private void enlarge(NDManager memory, NDArray frame, Consumer<NDArray> next) {
        NDArray result = KERNELS.call(memory, "enlarged", frame, weight, bias);
        frame.close();
        next.accept(result);
    }

    private final class Doubling implements Stage {

        private final NDManager memory;
        private final History before = new History();
        private boolean started;

        Doubling(NDManager memory) {
            this.memory = memory;
        }

        @Override
        public void push(NDArray frame, Consumer<NDArray> next) {
            if (!started) {
                started = true;
                enlarge(memory, frame, next);
                return;
            }
            List<NDArray> two = before.through(
                    frame,
                    frames -> overTime.stream()
                            .map(half -> half.apply(memory, frames))
                            .toList());
            two.forEach(one -> enlarge(memory, one, next));
        }
    }
}
