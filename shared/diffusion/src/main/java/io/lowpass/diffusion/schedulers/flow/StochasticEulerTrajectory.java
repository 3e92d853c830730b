package io.lowpass.diffusion.schedulers.flow;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.solver.ScheduledTrajectory;
import io.lowpass.diffusion.schedulers.solver.WeightedSum;

/** Steps of a flow to its end and back to the next sigma with new noise: diffusers' {@code stochastic_sampling}. */
record StochasticEulerTrajectory(Sigmas schedule, NoiseSource noise) implements ScheduledTrajectory {

    @Override
    public NDArray advance(int step, NDArray latents, NDArray prediction) {
        NDArray clean = latents.sub(prediction.mul(schedule.sigma(step)));
        double next = schedule.sigma(step + 1);
        return new WeightedSum()
                .plus(1 - next, clean)
                .plus(next, noise.drawLike(latents))
                .sum();
    }
}
