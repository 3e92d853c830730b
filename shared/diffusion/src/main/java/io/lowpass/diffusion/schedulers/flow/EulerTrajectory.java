package io.lowpass.diffusion.schedulers.flow;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.solver.ScheduledTrajectory;

/** Euler steps between sigmas; the prediction is the direction from data to noise. */
record EulerTrajectory(Sigmas schedule) implements ScheduledTrajectory {

    @Override
    public NDArray advance(int step, NDArray latents, NDArray prediction) {
        return latents.add(prediction.mul(schedule.sigma(step + 1) - schedule.sigma(step)));
    }
}
