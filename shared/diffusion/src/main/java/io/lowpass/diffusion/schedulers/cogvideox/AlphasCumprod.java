package io.lowpass.diffusion.schedulers.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.schedulers.noise.NoiseSchedule;
import io.lowpass.diffusion.schedulers.solver.PredictionType;

/**
 * The cumulative alphas (shares of signal in the variance) along a trajectory of a variance-preserving diffusion:
 * diffusers' {@code alphas_cumprod}.
 */
final class AlphasCumprod implements NoiseSchedule {

    private final int[] times;
    private final double[] alphas;
    private final double[] next;
    private final int gap;
    private final PredictionType prediction;

    /**
     * Copies the values.
     *
     * @param times one timestep per step
     * @param alphas cumulative alpha at each step
     * @param next cumulative alpha after each step
     * @param gap distance of timesteps
     * @param prediction what the model predicts
     */
    AlphasCumprod(int[] times, double[] alphas, double[] next, int gap, PredictionType prediction) {
        this.times = times.clone();
        this.alphas = alphas.clone();
        this.next = next.clone();
        this.gap = gap;
        this.prediction = prediction;
    }

    @Override
    public int steps() {
        return times.length;
    }

    @Override
    public double timestep(int step) {
        return times[step];
    }

    /** {@inheritDoc} Here the standard deviation of the noise. */
    @Override
    public double sigma(int step) {
        return Math.sqrt(1 - (step == steps() ? next[step - 1] : alphas[step]));
    }

    /** Cumulative alpha at a step. */
    double alpha(int step) {
        return alphas[step];
    }

    /** Cumulative alpha after a step. */
    double alphaAfter(int step) {
        return next[step];
    }

    /** Whether a step goes beyond the first training timestep, to the final alpha. */
    boolean passesTimeZero(int step) {
        return times[step] < gap;
    }

    /** Converts a prediction at a step to clean latents. */
    NDArray clean(int step, NDArray latents, NDArray predicted) {
        return prediction.clean(Math.sqrt(alphas[step]), Math.sqrt(1 - alphas[step]), latents, predicted);
    }
}
