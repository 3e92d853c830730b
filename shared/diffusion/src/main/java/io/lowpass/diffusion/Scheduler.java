package io.lowpass.diffusion;

import io.lowpass.diffusion.conditioning.VideoSpec;

/** A noise schedule with its solver. Immutable; each generation has its own {@link Trajectory}. */
@FunctionalInterface
public interface Scheduler {

    /**
     * Plans a trajectory.
     *
     * @param steps number of denoising steps, at least 1
     */
    Trajectory plan(int steps);

    /**
     * Plans a trajectory for schedules that depend on the video.
     *
     * @param steps number of denoising steps, at least 1
     * @param spec the specification of the video
     * @throws IllegalArgumentException if the schedule is not defined for this video
     */
    default Trajectory plan(int steps, VideoSpec spec) {
        return plan(steps);
    }

    /**
     * The same scheduler with a source of noise for its solver. Most solvers need none.
     *
     * @param noise the source, from which the initial latents have already been drawn
     */
    default Scheduler drawingFrom(NoiseSource noise) {
        return this;
    }
}
