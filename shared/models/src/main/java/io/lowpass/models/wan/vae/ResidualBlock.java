package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Twice RMS norm, SiLU and causal convolution, added to the input.
 *
 * @param norm1 gamma of the first norm, shape (1, in, 1, 1), scaled by the root of in
 * @param norm2 gamma of the second norm, shape (1, out, 1, 1), scaled by the root of out
 * @param shortcut what the input passes through if it has other channels than the output
 */
record ResidualBlock(
        NDArray norm1,
        CausalConv conv1,
        NDArray norm2,
        CausalConv conv2,
        @Nullable CausalConv shortcut) implements Layer {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    @Override
    public Stage open(NDManager memory) {
        return new Open(memory);
    }

    private final class Open implements Stage {

        private final NDManager memory;
        private final History before1 = new History();
        private final History before2 = new History();

        Open(NDManager memory) {
            this.memory = memory;
        }

        @Override
        public void push(NDArray frame, Consumer<NDArray> next) {
            NDArray active = KERNELS.call(memory, "activated", frame, norm1);
            NDArray first = before1.through(active, frames -> conv1.apply(memory, frames));
            NDArray second = KERNELS.call(memory, "activated", first, norm2);
            first.close();
            NDArray base = shortcut == null ? frame : shortcut.apply(memory, frame);
            NDArray result = before2.through(second, frames -> conv2.applyAndAdd(memory, frames, base));
            base.close();
            frame.close();
            next.accept(result);
        }
    }
}
