package io.lowpass.diffusion.schedulers.noise;

/** The noise levels and timesteps of a trajectory. */
public interface NoiseSchedule {

    /** Number of steps. */
    int steps();

    /** Timestep of a step, on the training scale. */
    double timestep(int step);

    /** Noise level of a step; for the number of steps, the final level. */
    double sigma(int step);
}
