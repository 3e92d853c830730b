package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;

/**
 * DDIM (Song et al., 2021) without noise of its own: diffusers' {@code CogVideoXDDIMScheduler}.
 *
 * @param schedule the noise schedule
 */
record CogVideoXDdim(DiffusionSchedule schedule) implements Scheduler {

    @Override
    public Trajectory plan(int steps) {
        return new Path(schedule.levels(steps));
    }

    private record Path(SignalLevels levels) implements LevelledTrajectory {

        @Override
        public NDArray advance(int step, NDArray latents, NDArray prediction) {
            double kept = Math.sqrt((1 - levels.alphaAfter(step)) / (1 - levels.alpha(step)));
            double added = Math.sqrt(levels.alphaAfter(step)) - Math.sqrt(levels.alpha(step)) * kept;
            return new WeightedSum()
                    .plus(kept, latents)
                    .plus(added, levels.clean(step, latents, prediction))
                    .sum();
        }
    }
}
