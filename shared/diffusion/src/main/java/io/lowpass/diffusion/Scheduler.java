package io.lowpass.diffusion;

import io.lowpass.diffusion.conditioning.VideoSpec;
import java.util.List;

/** A noise schedule and the solver that follows it. Immutable; each generation follows its own {@link Trajectory}. */
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
     * The same scheduler, which follows noise levels of a request instead of its own; it shifts them as its own.
     *
     * @param sigmas one for each step, above 0 and at most 1, each below the one before it
     * @throws IllegalArgumentException if the levels have no such form, or the scheduler can only follow its own
     */
    default Scheduler withSigmas(List<Double> sigmas) {
        throw new IllegalArgumentException(
                "sigmas is " + sigmas + ", allowed is none: this scheduler follows only its own noise levels");
    }

    /**
     * The same scheduler, drawing what its solver adds from a generation's numbers. Most solvers add nothing.
     *
     * @param noise the source, from which the initial latents have already been drawn
     */
    default Scheduler drawingFrom(NoiseSource noise) {
        return this;
    }
}
