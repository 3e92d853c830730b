package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.NoiseStream;

/**
 * The random numbers of one generation in the order of use: first the initial latents, then what a stochastic solver
 * adds at its steps. For one thread; closed with the generation.
 */
public final class NoiseSource implements AutoCloseable {

    /** The axis order in which a family's reference draws noise. */
    public enum Layout {
        /** Channels, then frames: the order of latents here. */
        CHANNELS_FIRST,
        /** Frames, then channels. */
        FRAMES_FIRST
    }

    private final NoiseStream stream;
    private final Layout layout;

    /**
     * Starts the random numbers of a generation.
     *
     * @param seed the same seed gives the same numbers on every machine
     * @param layout axis order in which they fill latents
     */
    public NoiseSource(long seed, Layout layout) {
        this.stream = new NoiseStream(seed);
        this.layout = layout;
    }

    /**
     * Draws standard normal numbers.
     *
     * @param owner the manager that they belong to
     * @param latents shape (1, channels, frames, height, width)
     * @return of that shape, f32, on the CPU
     */
    public NDArray draw(NDManager owner, Shape latents) {
        if (layout == Layout.CHANNELS_FIRST) {
            return stream.next(owner, latents);
        }
        Shape drawn = new Shape(latents.get(0), latents.get(2), latents.get(1), latents.get(3), latents.get(4));
        try (NDArray numbers = stream.next(owner, drawn);
                NDArray transposed = numbers.transpose(0, 2, 1, 3, 4)) {
            return transposed.duplicate();
        }
    }

    /**
     * Draws standard normal numbers for latents.
     *
     * @param latents shape (1, channels, frames, height, width); any shape where channels come first
     * @return of their shape, f32, on their device, owned by their manager
     */
    public NDArray drawLike(NDArray latents) {
        return draw(latents.getManager(), latents.getShape()).toDevice(latents.getDevice(), false);
    }

    @Override
    public void close() {
        stream.close();
    }
}
