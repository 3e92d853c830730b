package io.lowpass.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;

/** The layers of the toy models. */
final class ToyLayers {

    private final NDManager weights;
    private final Random random;
    private final Multiplications multiplications = new Multiplications();

    ToyLayers(NDManager parent, long seed) {
        weights = parent.newSubManager();
        random = new Random(seed);
    }

    NDManager weights() {
        return weights;
    }

    long multiplyAdds() {
        return multiplications.count();
    }

    NDArray weight(int in, int out) {
        float[] values = new float[in * out];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(in));
        }
        return weights.create(values, new Shape(in, out));
    }

    NDArray linear(NDArray x, NDArray weight) {
        return multiplications.product(x, weight);
    }

    NDArray attention(NDArray q, NDArray k, NDArray v) {
        double scale = 1 / Math.sqrt((double) q.getShape().get(2));
        NDArray scores = multiplications.product(q, k.transpose(0, 2, 1)).mul(scale);
        return multiplications.product(scores.softmax(-1), v);
    }

    static NDArray norm(NDArray x) {
        NDArray centred = x.sub(x.mean(new int[] {-1}, true));
        return centred.div(centred.square().mean(new int[] {-1}, true).add(1e-6).sqrt());
    }

    static NDArray time(NDManager manager, double timestep, int width) {
        float[] values = new float[width];
        for (int i = 0; i < width; i++) {
            values[i] = (float) Math.sin(timestep / 1000 * Math.PI * (i + 1) / width);
        }
        return manager.create(values, new Shape(1, 1, width));
    }

    /** From (1, channels, frames, height, width) to (1, tokens, 4 channels), by patches of 1 x 2 x 2. */
    static NDArray patches(NDArray latents) {
        Shape s = latents.getShape();
        return latents.reshape(s.get(1), s.get(2), s.get(3) / 2, 2, s.get(4) / 2, 2)
                .transpose(1, 2, 4, 0, 3, 5)
                .reshape(1, s.get(2) * s.get(3) * s.get(4) / 4, s.get(1) * 4);
    }

    /** The inverse of {@link #patches}. */
    static NDArray latents(NDArray patches, Shape s) {
        return patches.reshape(s.get(2), s.get(3) / 2, s.get(4) / 2, s.get(1), 2, 2)
                .transpose(3, 0, 1, 4, 2, 5)
                .reshape(s);
    }
}
