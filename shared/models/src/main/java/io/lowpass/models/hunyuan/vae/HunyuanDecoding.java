package io.lowpass.models.hunyuan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.vae.LatentFrameShape;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Arrays;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One video on its way through the decoder of a HunyuanVideo autoencoder, tile by tile in time: a tile's frames come out
 * when its last latent frame has come in. What is kept between tiles are the latent frames and the frames that the next
 * one shares.
 */
final class HunyuanDecoding implements VideoDecoding {

    private static final int TIME = 2;
    private static final int OVERLAP = HunyuanTiles.FRAMES - HunyuanTiles.FRAME_STRIDE;

    private final HunyuanVae vae;
    private final NDManager memory;
    private final int count;
    private final Deque<HunyuanTiles.Span> tiles;
    private final List<NDArray> waiting = new ArrayList<>();
    private int forgotten;
    private @Nullable NDArray before;
    private final LatentFrameShape shape;

    HunyuanDecoding(HunyuanVae vae, int count) {
        this.vae = vae;
        this.memory = vae.newMemory();
        this.shape = new LatentFrameShape(vae.latentChannels());
        this.count = count;
        this.tiles = new ArrayDeque<>(HunyuanTiles.inTime(count));
    }

    @Override
    public Optional<NDArray> next(NDManager owner, NDArray latents) {
        return next(owner, latents, vae.config().scalingFactor());
    }

    @Override
    public Optional<NDArray> nextDenormalised(NDManager owner, NDArray latents) {
        return next(owner, latents, 1);
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Number of arrays that are kept for the frames to come. */
    int held() {
        return memory.getManagedArrays().size();
    }

    private Optional<NDArray> next(NDManager owner, NDArray latents, double scale) {
        requireExpected(latents.getShape());
        waiting.add(Arrays.keep(HunyuanVae.KERNELS.call(memory, "unscaled", latents, scale), memory));
        List<NDArray> frames = new ArrayList<>();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            while (!tiles.isEmpty() && tiles.getFirst().end() <= forgotten + waiting.size()) {
                decode(tiles.removeFirst()).ifPresent(frames::add);
            }
            if (frames.isEmpty()) {
                return Optional.empty();
            }
            NDArray ready = HunyuanVae.KERNELS.call(owner, "frames", (Object) frames.toArray(NDArray[]::new));
            return Optional.of(Arrays.keep(ready, owner));
        }
    }

    /** The frames of a tile that no later one shares; none if it only repeats the last latent frame. */
    private Optional<NDArray> decode(HunyuanTiles.Span tile) {
        boolean first = tile.begin() == 0;
        forgetUntil(tile.begin());
        int size = tile.end() - tile.begin();
        if (!first && size == 1) {
            return Optional.empty();
        }
        NDArray latents = HunyuanVae.KERNELS.call(
                memory, "joined", waiting.subList(0, size).toArray(NDArray[]::new), TIME);
        NDArray all = vae.decoded(memory, latents);
        NDArray old = before;
        NDArray mixed = first || old == null
                ? all
                : HunyuanVae.blended(
                        memory, old, HunyuanVae.section(memory, all, TIME, 1, Integer.MAX_VALUE), OVERLAP, TIME);
        int frames = (int) mixed.getShape().get(TIME);
        NDArray tail = HunyuanVae.KERNELS.call(
                memory, "copied", HunyuanVae.section(memory, mixed, TIME, Math.max(0, frames - OVERLAP), frames));
        before = Arrays.keep(tail, memory);
        if (old != null) {
            old.close();
        }
        boolean last = tiles.isEmpty();
        int kept = first ? HunyuanTiles.FRAME_STRIDE + 1 : HunyuanTiles.FRAME_STRIDE;
        return Optional.of(last ? mixed : HunyuanVae.section(memory, mixed, TIME, 0, kept));
    }

    private void forgetUntil(int begin) {
        while (forgotten < begin) {
            waiting.remove(0).close();
            forgotten++;
        }
    }

    private void requireExpected(Shape given) {
        shape.require(given);
        if (forgotten + waiting.size() == count) {
            throw new IllegalArgumentException("the video has " + count + " latent frames, and this is one more");
        }
    }
}
