package io.lowpass.diffusion.steps;

/**
 * One denoising step.
 *
 * @param index index in the trajectory, from 0 (highest noise)
 * @param count number of steps of the trajectory
 * @param timestep timestep for the model, on its training scale (1000 is pure noise)
 * @param sigma noise level at this step
 * @param nextSigma noise level after this step
 */
public record Step(int index, int count, double timestep, double sigma, double nextSigma) {

    /** Whether no step follows. */
    public boolean isLast() {
        return index == count - 1;
    }
}
