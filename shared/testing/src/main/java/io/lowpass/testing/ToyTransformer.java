package io.lowpass.testing;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.cost.TransformerCost;
import java.util.List;

/** A small transformer with random weights and patches of 1 x 2 x 2, which counts its multiply-adds. */
public abstract class ToyTransformer implements VideoTransformer {

    /** Channels of the latents. */
    public static final int CHANNELS = 4;
    /** Width of the tokens, and of the prompt. */
    public static final int WIDTH = 16;
    /** Tokens of a prompt. */
    public static final int TEXT = 6;

    final ToyLayers layers;
    private final int depth;

    ToyTransformer(NDManager parent, int depth) {
        this.layers = new ToyLayers(parent, 7);
        this.depth = depth;
    }

    /** Multiply-adds that ran since it was made. */
    public long multiplyAdds() {
        return layers.multiplyAdds();
    }

    /** What its passes cost. */
    public abstract TransformerCost cost();

    @Override
    public final int depth() {
        return depth;
    }

    @Override
    public final List<Integer> patch() {
        return List.of(1, 2, 2);
    }

    @Override
    public final void close() {
        layers.weights().close();
    }
}
