package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;

/** Euler steps between sigmas; the prediction is the direction from data to noise. */
record EulerTrajectory(Sigmas schedule) implements ScheduledTrajectory {

    @Override
    public NDArray advance(int step, NDArray latents, NDArray prediction) {
        return latents.add(prediction.mul(schedule.sigma(step + 1) - schedule.sigma(step)));
    }
}
