package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;

/** Euler steps from level to level: the prediction is the direction from data to noise. */
record EulerTrajectory(NoiseLevels levels) implements LevelledTrajectory {

    @Override
    public NDArray advance(int step, NDArray latents, NDArray prediction) {
        return latents.add(prediction.mul(levels.sigma(step + 1) - levels.sigma(step)));
    }
}
