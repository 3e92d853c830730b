package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;

/**
 * Twice norm, activation and causal convolution, added to the input.
 *
 * @param second whose kernel also exists with {@code _into_} behind its name, which adds to frames in place
 * @param shortcut what the input passes if it has other channels than the output
 */
public record ResidualLayer(StreamingLayer first, StreamingLayer second, Optional<KernelLayer> shortcut)
        implements VaeLayer {

    @Override
    public OpenLayer open() {
        StreamingLayer.Open openFirst = first.start();
        StreamingLayer.Open openSecond = second.start();
        return (batch, frames, next) -> {
            List<NDArray> inner = openFirst.apply(batch, frames);
            List<NDArray> base = frames;
            if (shortcut.isPresent()) {
                base = frames.stream()
                        .map(frame -> shortcut.get().apply(batch, frame))
                        .toList();
                frames.forEach(NDArray::close);
            }
            List<NDArray> sum = openSecond.addTo(base, batch, inner);
            base.forEach(NDArray::close);
            next.accept(sum);
        };
    }
}
