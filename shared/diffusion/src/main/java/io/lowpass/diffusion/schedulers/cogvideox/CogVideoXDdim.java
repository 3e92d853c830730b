package io.lowpass.diffusion.schedulers.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.solver.ScheduledTrajectory;
import io.lowpass.diffusion.schedulers.solver.WeightedSum;

/**
 * Deterministic DDIM (Song et al., 2021): diffusers' {@code CogVideoXDDIMScheduler}.
 *
 * @param schedule the noise schedule
 */
public record CogVideoXDdim(DiffusionSchedule schedule) implements Scheduler {

    @Override
    public Trajectory plan(int steps) {
        return new DdimTrajectory(schedule.forSteps(steps));
    }

    private record DdimTrajectory(AlphasCumprod schedule) implements ScheduledTrajectory {

        @Override
        public NDArray advance(int step, NDArray latents, NDArray prediction) {
            double kept = Math.sqrt((1 - schedule.alphaAfter(step)) / (1 - schedule.alpha(step)));
            double added = Math.sqrt(schedule.alphaAfter(step)) - Math.sqrt(schedule.alpha(step)) * kept;
            return new WeightedSum()
                    .plus(kept, latents)
                    .plus(added, schedule.clean(step, latents, prediction))
                    .sum();
        }
    }
}
