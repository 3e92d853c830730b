package io.lowpass.models.hunyuan.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.BatchDecoder;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.OpenLayers;
import io.lowpass.models.vae.Span;
import io.lowpass.models.vae.StreamingVae;
import io.lowpass.models.vae.Tiles;
import io.lowpass.models.vae.VaeLayer;
import io.lowpass.models.vae.VaeNetwork;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The causal video autoencoder of HunyuanVideo ({@code AutoencoderKLHunyuanVideo}; Kong et al., 2024, section 4.1).
 */
public final class HunyuanVae extends StreamingVae<HunyuanVaeConfig> {

    static final Kernels KERNELS = Kernels.compile(HunyuanVae.class, "hunyuan-vae.torchscript");

    private static final System.Logger LOG = System.getLogger(HunyuanVae.class.getName());

    /** Frames are cut into tiles where decoding them whole would take more, on a device of any size. */
    private static final long LARGEST_UNCUT = 16L << 30;

    private final long largestUncut;

    private HunyuanVae(HunyuanVaeConfig config, VaeNetwork network, long largestUncut) {
        super(config, network);
        this.largestUncut = largestUncut;
    }

    /** Opens a component folder; see {@link VaeNetwork#open}. */
    public static HunyuanVae open(Path folder, Device device, Precision precision) {
        return open(folder, device, precision, largestUncut(device, Devices::memory));
    }

    /**
     * Bytes up to which frames are decoded uncut on a device: weights, and the heap of a CPU's machine, have a quarter of
     * its memory to themselves. None where nobody knows how much it has.
     */
    static long largestUncut(Device device, Function<Device, OptionalLong> memory) {
        return Math.min(LARGEST_UNCUT, memory.apply(device).orElse(0) / 4 * 3);
    }

    /**
     * Opens a component folder.
     *
     * @param largestUncut bytes up to which frames are decoded uncut; tiles overlap and are blended, which changes the
     *     picture a little
     */
    public static HunyuanVae open(Path folder, Device device, Precision precision, long largestUncut) {
        HunyuanVaeConfig config = HunyuanVaeConfig.of(ComponentConfig.read(folder));
        VaeNetwork network = VaeNetwork.open(folder, config.layout(), KERNELS, device, precision);
        return new HunyuanVae(config, network, largestUncut);
    }

    @Override
    protected NDArray denormalised(NDManager memory, NDArray latents) {
        return KERNELS.call(memory, "denormalised", latents, config().scalingFactor());
    }

    @Override
    protected Iterator<Span> batches(VideoSpec spec) {
        return HunyuanTiles.inTime((spec.frames() - 1) / temporalFactor() + 1, temporalFactor())
                .iterator();
    }

    @Override
    protected BatchDecoder decoder(NDManager memory, VideoSpec spec) {
        boolean uncut = isUncut(spec.height(), spec.width());
        LOG.log(
                System.Logger.Level.INFO,
                () -> "Frames of " + spec.height() + "x" + spec.width() + " are decoded "
                        + (uncut ? "whole" : "in tiles") + " on " + Devices.torchName(device())
                        + ": they are cut where they are larger than a tile of " + HunyuanTiles.SIDE
                        + " pixels and would take more than " + (largestUncut >> 20) + " MiB");
        return new HunyuanDecoder(this, memory);
    }

    /**
     * Encodes a video, in tiles of time where it is long.
     *
     * @param manager the manager that the result belongs to
     * @param frames f32, shape (1, channels, frames, height, width), -1 to 1
     */
    public LatentDistribution encode(NDManager manager, NDArray frames) {
        int stride = HunyuanTiles.FRAME_STRIDE / temporalFactor();
        int overlap = HunyuanTiles.FRAMES / temporalFactor() - stride;
        try (NDManager memory = newMemory();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int length = (int) frames.getShape().get(2);
            List<NDArray> parts = new ArrayList<>();
            NDArray before = null;
            List<Span> spans = HunyuanTiles.inTime(length, 1);
            for (Span span : spans) {
                NDArray all =
                        run(memory, network().encoder(), Tiles.section(memory, frames, 2, span.begin(), span.end()));
                NDArray tile = span.begin() == 0 ? all : Tiles.section(memory, all, 2, 1, Integer.MAX_VALUE);
                NDArray mixed = before == null ? tile : Tiles.blended(memory, before, tile, overlap, 2);
                int kept = span.begin() == 0 ? stride + 1 : stride;
                parts.add(spans.size() == 1 ? mixed : Tiles.section(memory, mixed, 2, 0, kept));
                before = mixed;
            }
            NDArray moments =
                    Tiles.section(memory, Tiles.joined(memory, parts, 2), 2, 0, (length - 1) / temporalFactor() + 1);
            return LatentDistribution.of(manager, KERNELS, List.of(moments));
        }
    }

    /**
     * Decodes latent frames at once.
     *
     * @param latents in the autoencoder's own scale, shape (1, channels, frames, height, width)
     * @return frames, f32, shape (1, channels, frames, height, width), not clamped
     */
    NDArray decoded(NDManager memory, NDArray latents) {
        int height = (int) latents.getShape().get(3);
        int width = (int) latents.getShape().get(4);
        return isUncut(height * spatialFactor(), width * spatialFactor())
                ? run(memory, network().decoder(), latents)
                : Tiles.decoded(
                        memory,
                        latents,
                        HunyuanTiles.SIDE,
                        HunyuanTiles.SIDE_STRIDE,
                        spatialFactor(),
                        tile -> run(memory, network().decoder(), tile));
    }

    private boolean isUncut(int height, int width) {
        return config().isUncut(height, width, network().precision(), largestUncut);
    }

    private NDArray run(NDManager memory, List<VaeLayer> layers, NDArray input) {
        List<NDArray> all = List.of(network().received(memory, input));
        try (NDArray computed = new OpenLayers(layers)
                .through(network().batch(memory, List.of()), all)
                .get(0)) {
            return KERNELS.call(memory, "finished", computed);
        }
    }
}
