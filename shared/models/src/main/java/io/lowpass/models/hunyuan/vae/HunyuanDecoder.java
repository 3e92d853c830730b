package io.lowpass.models.hunyuan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.vae.BatchDecoder;
import io.lowpass.models.vae.Span;
import io.lowpass.models.vae.Tiles;
import io.lowpass.tensor.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One video on its way through the decoder, tile by tile in time: kept are the frames that the next tile shares. */
final class HunyuanDecoder implements BatchDecoder {

    private static final int TIME = 2;
    private static final int OVERLAP = HunyuanTiles.FRAMES - HunyuanTiles.FRAME_STRIDE;

    private final HunyuanVae vae;
    private final NDManager memory;
    private @Nullable NDArray before;

    HunyuanDecoder(HunyuanVae vae, NDManager memory) {
        this.vae = vae;
        this.memory = memory;
    }

    @Override
    public Optional<NDArray> decode(List<NDArray> latents, Span tile, boolean last) {
        boolean first = tile.begin() == 0;
        if (!first && tile.size() == 1) {
            // It only repeats the last latent frame.
            return Optional.empty();
        }
        NDArray all = vae.decoded(memory, Tiles.joined(memory, latents, TIME));
        NDArray old = before;
        NDArray mixed = first || old == null
                ? all
                : Tiles.blended(memory, old, Tiles.section(memory, all, TIME, 1, Integer.MAX_VALUE), OVERLAP, TIME);
        int frames = (int) mixed.getShape().get(TIME);
        NDArray tail = Tiles.section(memory, mixed, TIME, Math.max(0, frames - OVERLAP), frames);
        before = Arrays.keep(HunyuanVae.KERNELS.call(memory, "copied", tail), memory);
        if (old != null) {
            old.close();
        }
        int kept = first ? HunyuanTiles.FRAME_STRIDE + 1 : HunyuanTiles.FRAME_STRIDE;
        NDArray ready = last ? mixed : Tiles.section(memory, mixed, TIME, 0, kept);
        return Optional.of(HunyuanVae.KERNELS.call(memory, "frames", ready));
    }
}
