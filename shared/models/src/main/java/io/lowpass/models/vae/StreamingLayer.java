package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A layer that sees frames that came before, such as a causal convolution: it keeps of the frames of a video those that
 * later ones need.
 *
 * @param activation what each frame passes first, alone, where the kernel does not do it
 * @param kernel takes frames, those kept, weights, and the settings; with {@code scaled} before the settings the latents
 *     of the batch, and with frames to add to those behind them. Returns the results, and the frames to keep
 * @param weights in the order of the kernel
 * @param scaled whether the kernel takes the latents of the batch
 * @param settings in the order of the kernel
 */
public record StreamingLayer(
        Optional<KernelLayer> activation, String kernel, List<NDArray> weights, boolean scaled, List<Object> settings)
        implements VaeLayer {

    @Override
    public OpenLayer open() {
        Open open = start();
        return (batch, frames, next) -> {
            List<NDArray> results = open.take(batch, frames);
            if (!results.isEmpty()) {
                next.accept(results);
            }
        };
    }

    Open start() {
        return new Open();
    }

    /** The layer while a video passes through it. */
    final class Open {

        private List<NDArray> kept = List.of();

        /** Computes frames, which are closed. */
        List<NDArray> take(Batch batch, List<NDArray> frames) {
            return computed(batch, activated(batch, frames, true), kernel);
        }

        /** Computes frames, which stay. */
        List<NDArray> apply(Batch batch, List<NDArray> frames) {
            if (activation.isPresent()) {
                return computed(batch, activated(batch, frames, false), kernel);
            }
            return called(batch, frames, kernel);
        }

        /** Adds what it makes of frames, which are closed, to others in place; its kernel's name then ends in _into_. */
        List<NDArray> addTo(List<NDArray> others, Batch batch, List<NDArray> frames) {
            return computed(batch, activated(batch, frames, true), kernel + "_into_", others);
        }

        private List<NDArray> activated(Batch batch, List<NDArray> frames, boolean last) {
            return activation
                    .map(layer -> frames.stream()
                            .map(frame -> {
                                NDArray result = layer.apply(batch, frame);
                                if (last) {
                                    frame.close();
                                }
                                return result;
                            })
                            .toList())
                    .orElse(frames);
        }

        private List<NDArray> computed(Batch batch, List<NDArray> frames, String name, Object... more) {
            List<NDArray> results = called(batch, frames, name, more);
            frames.forEach(NDArray::close);
            return results;
        }

        private List<NDArray> called(Batch batch, List<NDArray> frames, String name, Object... more) {
            List<Object> arguments = new ArrayList<>(List.of(frames, kept, weights));
            if (scaled) {
                arguments.add(batch.latents());
            }
            arguments.addAll(settings);
            arguments.addAll(List.of(more));
            List<List<NDArray>> results = batch.kernels().callLists(batch.memory(), name, arguments.toArray());
            kept.forEach(NDArray::close);
            kept = results.get(1);
            kept.forEach(frame -> Arrays.keep(frame, batch.memory()));
            return results.get(0);
        }
    }
}
