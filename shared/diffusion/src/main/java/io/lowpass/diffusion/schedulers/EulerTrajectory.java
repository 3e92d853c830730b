package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Trajectory;

/** Euler steps from level to level: the prediction is the direction from data to noise. */
record EulerTrajectory(NoiseLevels levels) implements Trajectory {

    @Override
    public int steps() {
        return levels.steps();
    }

    @Override
    public double timestep(int step) {
        return levels.timestep(step);
    }

    @Override
    public double sigma(int step) {
        return levels.sigma(step);
    }

    @Override
    public NDArray advance(int step, NDArray latents, NDArray prediction) {
        return latents.add(prediction.mul(levels.sigma(step + 1) - levels.sigma(step)));
    }
}
