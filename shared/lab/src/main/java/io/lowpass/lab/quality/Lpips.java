package io.lowpass.lab.quality;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Learned perceptual distance of videos (LPIPS, Zhang et al., 2018): version 0.1 on AlexNet, frame by frame.
 *
 * <p>The weights are a safetensors file that the user gives, with torchvision's convolutions ({@code features.N.weight},
 * {@code features.N.bias} for N = 0, 3, 6, 8, 10) and the linear layers of the package {@code lpips}
 * ({@code lin0.model.1.weight} to {@code lin4.model.1.weight}). Whoever has both packages makes it with:
 *
 * <pre>{@code
 * import lpips, torch, torchvision
 * from pathlib import Path
 * from safetensors.torch import save_file
 *
 * alexnet = torchvision.models.alexnet(weights="IMAGENET1K_V1")
 * features = {f"features.{k}": v for k, v in alexnet.features.state_dict().items()}
 * linear = torch.load(Path(lpips.__file__).parent / "weights/v0.1/alex.pth", map_location="cpu")
 * save_file({**features, **linear}, "lpips-alex.safetensors")
 * }</pre>
 */
public final class Lpips implements AutoCloseable {

    /** Smallest side of a frame of which AlexNet's last convolutions still see something. */
    static final int LEAST_SIDE = 31;

    private static final int COLOURS = 3;
    private static final int FRAMES_AT_ONCE = 8;

    /**
     * A convolution of AlexNet.
     *
     * @param index its place among torchvision's features
     * @param kernel side of its window
     */
    private record Convolution(int index, long in, long out, long kernel) {

        String weight() {
            return "features." + index + ".weight";
        }

        String bias() {
            return "features." + index + ".bias";
        }
    }

    private static final List<Convolution> CONVOLUTIONS = List.of(
            new Convolution(0, COLOURS, 64, 11),
            new Convolution(3, 64, 192, 5),
            new Convolution(6, 192, 384, 3),
            new Convolution(8, 384, 256, 3),
            new Convolution(10, 256, 256, 3));

    private final Kernels kernels = Kernels.compile(Lpips.class, "lpips.torchscript");
    private final NDManager memory = NDManager.newBaseManager("PyTorch");
    private final List<NDArray> weights;
    private final List<NDArray> biases;
    private final List<NDArray> linear;

    private Lpips(Path file) {
        try (Weights stored = Weights.open(file, architecture(), memory, Precision.F32)) {
            weights = CONVOLUTIONS.stream()
                    .map(layer -> stored.take(layer.weight()))
                    .toList();
            biases = CONVOLUTIONS.stream()
                    .map(layer -> stored.take(layer.bias()))
                    .toList();
            linear = IntStream.range(0, CONVOLUTIONS.size())
                    .mapToObj(i -> stored.take(linear(i)))
                    .toList();
            stored.requireAllTaken();
        } catch (IllegalArgumentException e) {
            close();
            throw e;
        }
    }

    /**
     * Reads the weights.
     *
     * @param file a safetensors file as described above
     * @throws IllegalArgumentException if there is no such file, or a parameter is missing, unexpected or misshapen, with
     *     every name
     */
    public static Lpips open(Path file) {
        return new Lpips(file);
    }

    /** What the file must hold. */
    static Architecture architecture() {
        Architecture alexnet = new Architecture("LPIPS AlexNet");
        for (int i = 0; i < CONVOLUTIONS.size(); i++) {
            Convolution layer = CONVOLUTIONS.get(i);
            alexnet.parameter(layer.weight(), layer.out(), layer.in(), layer.kernel(), layer.kernel())
                    .parameter(layer.bias(), layer.out())
                    .parameter(linear(i), 1, layer.out(), 1, 1);
        }
        return alexnet;
    }

    /**
     * The distance, mean over frames: 0 for equal videos.
     *
     * @param video uint8, shape (frames, 3, height, width), sides of at least 31 pixels
     * @param reference the same shape
     * @throws IllegalArgumentException if shapes differ, or frames are too small
     */
    public double distance(NDArray video, NDArray reference) {
        double sum = 0;
        float[] distances = distances(video, reference);
        for (float distance : distances) {
            sum += distance;
        }
        return sum / distances.length;
    }

    /** The distance of each frame. */
    float[] distances(NDArray video, NDArray reference) {
        requireComparable(video.getShape(), reference.getShape());
        int frames = (int) video.getShape().get(0);
        float[] distances = new float[frames];
        for (int from = 0; from < frames; from += FRAMES_AT_ONCE) {
            int to = Math.min(from + FRAMES_AT_ONCE, frames);
            String chunk = from + ":" + to;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                float[] part = kernels.call(
                                video.getManager(),
                                "distances",
                                video.get(chunk),
                                reference.get(chunk),
                                weights,
                                biases,
                                linear)
                        .toFloatArray();
                System.arraycopy(part, 0, distances, from, part.length);
            }
        }
        return distances;
    }

    private static void requireComparable(Shape video, Shape reference) {
        if (!video.equals(reference)) {
            throw new IllegalArgumentException(
                    "videos of shapes " + video + " and " + reference + " cannot be compared");
        }
        if (video.get(1) != COLOURS || video.get(2) < LEAST_SIDE || video.get(3) < LEAST_SIDE) {
            throw new IllegalArgumentException(
                    "LPIPS needs frames of 3 colours and at least 31x31 pixels, not " + video);
        }
    }

    private static String linear(int i) {
        return "lin" + i + ".model.1.weight";
    }

    @Override
    public void close() {
        kernels.close();
        memory.close();
    }
}
