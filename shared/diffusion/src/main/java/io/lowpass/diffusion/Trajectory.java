package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.steps.Step;
import java.util.OptionalDouble;

/** The path of one generation from noise to latents. Multi-step solvers keep their history here. */
public interface Trajectory extends AutoCloseable {

    /** Number of steps. */
    int steps();

    /** The timestep of a step, on the model's training scale. */
    double timestep(int step);

    /** The timestep before the first one, if another expert predicts it. */
    default OptionalDouble precedingTimestep() {
        return OptionalDouble.empty();
    }

    /** The noise level of a step; {@code sigma(steps())} is the final level. */
    double sigma(int step);

    /**
     * Advances the latents by one step.
     *
     * @param latents f32
     * @param prediction the model's prediction at this step, f32; a reused prediction counts as one
     * @return new latents; the arguments are not changed
     */
    NDArray advance(int step, NDArray latents, NDArray prediction);

    /** Frees the history. */
    @Override
    default void close() {}

    /** A step as caches and listeners see it. */
    default Step step(int index) {
        return new Step(index, steps(), timestep(index), sigma(index), sigma(index + 1));
    }
}
