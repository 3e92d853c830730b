package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One video on its way from latents to frames: latent frames wait until their batch is complete. */
public final class BatchDecoding implements VideoDecoding {

    private final NDManager memory;
    private final FrameShape shape;
    private final UnaryOperator<NDArray> denormalised;
    private final Iterator<Span> batches;
    private final BatchDecoder decoder;
    private final List<NDArray> waiting = new ArrayList<>();
    private @Nullable Span batch;
    private int forgotten;

    /**
     * Starts a video.
     *
     * @param memory owner of what is kept; closed with the video
     * @param channels of the latents
     * @param denormalised puts latents back into the autoencoder's own scale
     * @param batches which latent frames are decoded together; they may overlap
     */
    BatchDecoding(
            NDManager memory,
            int channels,
            UnaryOperator<NDArray> denormalised,
            Iterator<Span> batches,
            BatchDecoder decoder) {
        this.memory = memory;
        this.shape = new FrameShape(channels);
        this.denormalised = denormalised;
        this.batches = batches;
        this.decoder = decoder;
        this.batch = following();
    }

    @Override
    public Optional<NDArray> next(NDManager owner, NDArray latents) {
        return next(owner, latents, denormalised);
    }

    @Override
    public Optional<NDArray> nextDenormalised(NDManager owner, NDArray latents) {
        return next(owner, latents, NDArray::duplicate);
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Number of arrays that are kept for the frames to come. */
    public int held() {
        return memory.getManagedArrays().size();
    }

    private Optional<NDArray> next(NDManager owner, NDArray latents, UnaryOperator<NDArray> received) {
        requireExpected(latents.getShape());
        // A scope of its own: what is kept must not end with a scope of the caller.
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            waiting.add(Arrays.keep(received.apply(latents), memory));
            forget();
            NDList frames = new NDList();
            for (Optional<Span> complete = completed(); complete.isPresent(); complete = completed()) {
                List<NDArray> together =
                        List.copyOf(waiting.subList(0, complete.get().size()));
                decoder.decode(together, complete.get(), batch == null).ifPresent(frames::add);
                forget();
            }
            return frames.isEmpty() ? Optional.empty() : Optional.of(Arrays.keep(joined(frames), owner));
        }
    }

    private static NDArray joined(NDList frames) {
        return frames.size() == 1 ? frames.get(0) : NDArrays.concat(frames, 0);
    }

    /** The next batch, if all of its latent frames are there. */
    private Optional<Span> completed() {
        Span span = batch;
        if (span == null || span.end() > forgotten + waiting.size()) {
            return Optional.empty();
        }
        batch = following();
        return Optional.of(span);
    }

    private @Nullable Span following() {
        return batches.hasNext() ? batches.next() : null;
    }

    /** Frees the latent frames that no batch to come has. */
    private void forget() {
        Span next = batch;
        int begin = next == null ? Integer.MAX_VALUE : next.begin();
        while (forgotten < begin && !waiting.isEmpty()) {
            waiting.remove(0).close();
            forgotten++;
        }
    }

    private void requireExpected(Shape given) {
        shape.require(given);
        if (batch == null) {
            throw new IllegalArgumentException(
                    "the video has " + forgotten + " latent frames, and this is one more latent frame");
        }
    }
}
