package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** One video on its way through the encoder of a CogVideoX autoencoder. */
final class CogVideoXEncoding {

    private static final int RANK = 5;
    private static final int FRAMES = 2;
    private static final int BATCH = 8;

    private final CogVideoXVae vae;
    private final List<Stage> stages;

    CogVideoXEncoding(CogVideoXVae vae, List<Layer> layers) {
        this.vae = vae;
        this.stages = layers.stream().map(Layer::open).toList();
    }

    LatentDistribution encode(NDManager manager, NDArray video) {
        Shape shape = video.getShape();
        int count = shape.dimension() == RANK ? (int) shape.get(FRAMES) : 0;
        if (count < 1 || (count > 1 && (count < BATCH || count % BATCH > 1))) {
            throw new IllegalArgumentException(
                    "frames have the shape " + shape + ", allowed is (1, 3, 1 or 8n or 8n + 1, height, width)");
        }
        try (NDManager memory = vae.newMemory();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<NDArray> moments = new ArrayList<>();
            int begin = 0;
            while (begin < count) {
                int end = begin == 0 ? Math.min(count, BATCH + count % BATCH) : begin + BATCH;
                moments.addAll(batch(memory, video, begin, end));
                begin = end;
            }
            List<NDArray> parts = VaeKernels.COMPILED.callAll(manager, "moments", moments);
            return new LatentDistribution(Arrays.keep(parts.get(0), manager), Arrays.keep(parts.get(1), manager));
        }
    }

    private List<NDArray> batch(NDManager memory, NDArray video, int begin, int end) {
        List<NDArray> frames = IntStream.range(begin, end)
                .mapToObj(t -> vae.received(memory, video.get(":, :, {}", t), 1))
                .toList();
        Batch batch = new Batch(memory, List.of());
        for (Stage stage : stages) {
            frames = stage.push(batch, frames);
        }
        return frames;
    }
}
