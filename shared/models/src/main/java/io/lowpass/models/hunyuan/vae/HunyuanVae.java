package io.lowpass.models.hunyuan.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.KernelLayer;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.models.vae.VaeNetwork;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The causal video autoencoder of HunyuanVideo ({@code AutoencoderKLHunyuanVideo}; Kong et al., 2024, section 4.1).
 *
 * <p>The decoder's weights are made ready when it is opened, those of the encoder when the first video is encoded.
 */
public final class HunyuanVae implements VideoVae {

    static final Kernels KERNELS = Kernels.compile(HunyuanVae.class, "hunyuan-vae.torchscript");

    private static final System.Logger LOG = System.getLogger(HunyuanVae.class.getName());

    /** Frames are cut into tiles where decoding them whole would take more, on a device of any size. */
    private static final long LARGEST_UNCUT = 16L << 30;

    private final HunyuanVaeConfig config;
    private final VaeNetwork<KernelLayer> network;
    private final long largestUncut;

    private HunyuanVae(HunyuanVaeConfig config, VaeNetwork<KernelLayer> network, long largestUncut) {
        this.config = config;
        this.network = network;
        this.largestUncut = largestUncut;
    }

    /**
     * Opens a component folder.
     *
     * @param folder with {@code config.json} and weights
     * @param device where to compute
     * @param precision in which to compute, or f32 where the device cannot; what goes in and out is f32
     * @throws IllegalArgumentException if the configuration is not understood, or a parameter is missing, unexpected or
     *     misshapen
     */
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
        VaeLayout<KernelLayer> layout = HunyuanVaeLayout.of(config);
        return new HunyuanVae(config, VaeNetwork.open(folder, layout, KERNELS, device, precision), largestUncut);
    }

    /** The settings. */
    public HunyuanVaeConfig config() {
        return config;
    }

    @Override
    public int latentChannels() {
        return config.latentChannels();
    }

    @Override
    public int spatialFactor() {
        return config.spatialFactor();
    }

    @Override
    public int temporalFactor() {
        return HunyuanVaeConfig.TEMPORAL_FACTOR;
    }

    @Override
    public Device device() {
        return network.device();
    }

    @Override
    public VideoDecoding decode(VideoSpec spec) {
        boolean uncut = isUncut(spec.height(), spec.width());
        LOG.log(
                System.Logger.Level.INFO,
                () -> "Frames of " + spec.height() + "x" + spec.width() + " are decoded "
                        + (uncut ? "whole" : "in tiles") + " on " + Devices.torchName(device())
                        + ": they are cut where they are larger than a tile of " + HunyuanTiles.SIDE
                        + " pixels and would take more than " + (largestUncut >> 20) + " MiB");
        return new HunyuanDecoding(this, (spec.frames() - 1) / temporalFactor() + 1);
    }

    /**
     * Encodes a video, in tiles of time where it is long.
     *
     * @param manager the manager that the result belongs to
     * @param frames f32, shape (1, channels, frames, height, width), -1 to 1
     */
    public LatentDistribution encode(NDManager manager, NDArray frames) {
        List<KernelLayer> encoder = network.encoder();
        int stride = HunyuanTiles.FRAME_STRIDE / temporalFactor();
        int overlap = HunyuanTiles.FRAMES / temporalFactor() - stride;
        try (NDManager memory = newMemory();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int length = (int) frames.getShape().get(2);
            List<NDArray> parts = new ArrayList<>();
            NDArray before = null;
            List<HunyuanTiles.Span> spans = HunyuanTiles.inTime(length, 1);
            for (HunyuanTiles.Span span : spans) {
                NDArray all = run(memory, encoder, section(memory, frames, 2, span.begin(), span.end()));
                NDArray tile = span.begin() == 0 ? all : section(memory, all, 2, 1, Integer.MAX_VALUE);
                NDArray mixed = before == null ? tile : blended(memory, before, tile, overlap, 2);
                int kept = span.begin() == 0 ? stride + 1 : stride;
                parts.add(spans.size() == 1 ? mixed : section(memory, mixed, 2, 0, kept));
                before = mixed;
            }
            List<NDArray> moments = KERNELS.callAll(
                    manager, "moments", parts.toArray(NDArray[]::new), (length - 1) / temporalFactor() + 1);
            return new LatentDistribution(Arrays.keep(moments.get(0), manager), Arrays.keep(moments.get(1), manager));
        }
    }

    @Override
    public void close() {
        network.close();
    }

    NDManager newMemory() {
        return network.owner().newSubManager();
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
                ? run(memory, network.decoder(), latents)
                : inTiles(memory, latents, height, width);
    }

    private boolean isUncut(int height, int width) {
        return config.isUncut(height, width, network.precision(), largestUncut);
    }

    static NDArray section(NDManager memory, NDArray x, int axis, int begin, int end) {
        return KERNELS.call(memory, "section", x, axis, begin, end);
    }

    static NDArray blended(NDManager memory, NDArray before, NDArray x, int overlap, int axis) {
        return KERNELS.call(memory, "blended", before, x, overlap, axis);
    }

    /** As the reference does it: each tile is blended with the finished one above it, then with the one to its left. */
    private NDArray inTiles(NDManager memory, NDArray latents, int height, int width) {
        int side = HunyuanTiles.SIDE / spatialFactor();
        int stride = HunyuanTiles.SIDE_STRIDE / spatialFactor();
        int overlap = HunyuanTiles.SIDE - HunyuanTiles.SIDE_STRIDE;
        List<HunyuanTiles.Span> columns = HunyuanTiles.cut(width, side, stride);
        List<NDArray> above = List.of();
        List<NDArray> rows = new ArrayList<>();
        for (HunyuanTiles.Span row : HunyuanTiles.cut(height, side, stride)) {
            NDArray strip = section(memory, latents, 3, row.begin(), row.end());
            List<NDArray> finished = new ArrayList<>();
            List<NDArray> kept = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                HunyuanTiles.Span column = columns.get(i);
                NDArray tile = run(memory, network.decoder(), section(memory, strip, 4, column.begin(), column.end()));
                tile = above.isEmpty() ? tile : blended(memory, above.get(i), tile, overlap, 3);
                tile = i == 0 ? tile : blended(memory, finished.get(i - 1), tile, overlap, 4);
                finished.add(tile);
                kept.add(section(
                        memory, section(memory, tile, 3, 0, HunyuanTiles.SIDE_STRIDE), 4, 0, HunyuanTiles.SIDE_STRIDE));
            }
            rows.add(KERNELS.call(memory, "joined", kept.toArray(NDArray[]::new), 4));
            above = finished;
        }
        return KERNELS.call(memory, "joined", rows.toArray(NDArray[]::new), 3);
    }

    private NDArray run(NDManager memory, List<KernelLayer> layers, NDArray input) {
        try (NDArray computed = KernelLayer.through(layers, memory, network.received(memory, input))) {
            return KERNELS.call(memory, "finished", computed);
        }
    }
}
