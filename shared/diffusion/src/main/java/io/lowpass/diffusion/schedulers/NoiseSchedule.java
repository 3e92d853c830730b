package io.lowpass.diffusion.schedulers;

/** How noisy a trajectory is at each step, and the times that the model is told. */
interface NoiseSchedule {

    /** Number of steps. */
    int steps();

    /** Time of a step, on the scale the model was trained on. */
    double timestep(int step);

    /** Noise level of a step; that of the number of steps is what is left at the end. */
    double sigma(int step);
}
