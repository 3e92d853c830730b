package io.lowpass.diffusion;

/** A noise schedule and the solver that follows it. Immutable; each generation follows its own {@link Trajectory}. */
@FunctionalInterface
public interface Scheduler {

    /**
     * Lays out a trajectory.
     *
     * @param steps number of denoising steps, at least 1
     */
    Trajectory plan(int steps);
}
