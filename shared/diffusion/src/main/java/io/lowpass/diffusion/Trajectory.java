package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.OptionalDouble;

/** The path of one generation from noise to latents. Multi-step solvers keep their history here. */
public interface Trajectory extends AutoCloseable {

    /** Number of steps. */
    int steps();

    /** Time of a step, on the scale the model was trained on. */
    double timestep(int step);

    /** Time of the step before the first, where another expert predicts it; empty where nothing comes before. */
    default OptionalDouble precedingTimestep() {
        return OptionalDouble.empty();
    }

    /** Noise level of a step; {@code sigma(steps())} is the level at the end. */
    double sigma(int step);

    /**
     * Moves the latents from one step to the next.
     *
     * @param latents f32
     * @param prediction what the model said at this step, f32; a reused prediction counts as a model output
     * @return new latents; the arguments are left as they are
     */
    NDArray advance(int step, NDArray latents, NDArray prediction);

    /** Frees the history. */
    @Override
    default void close() {}

    /** The step as caches and listeners see it. */
    default Step step(int index) {
        return new Step(index, steps(), timestep(index), sigma(index), sigma(index + 1));
    }
}
