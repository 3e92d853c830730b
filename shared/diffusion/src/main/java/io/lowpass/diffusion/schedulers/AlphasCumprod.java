package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;

/** How much of the latents is signal along a trajectory of a variance-preserving diffusion. */
final class AlphasCumprod implements NoiseSchedule {

    private final int[] times;
    private final double[] alphas;
    private final double[] next;
    private final int gap;
    private final PredictionType prediction;

    /**
     * Copies the levels.
     *
     * @param times one per step
     * @param alphas share of signal in the variance at each step
     * @param next the same after each step
     * @param gap between a step and the time after it
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

    /** {@inheritDoc} It is the standard deviation of the noise. */
    @Override
    public double sigma(int step) {
        return Math.sqrt(1 - (step == steps() ? next[step - 1] : alphas[step]));
    }

    /** Share of signal in the variance at a step. */
    double alpha(int step) {
        return alphas[step];
    }

    /** Share of signal in the variance after a step. */
    double alphaAfter(int step) {
        return next[step];
    }

    /** Whether a step goes beyond the first time of training, to what is left at the end. */
    boolean passesTimeZero(int step) {
        return times[step] < gap;
    }

    /** The clean latents that a prediction at a step stands for. */
    NDArray clean(int step, NDArray latents, NDArray predicted) {
        return prediction.clean(Math.sqrt(alphas[step]), Math.sqrt(1 - alphas[step]), latents, predicted);
    }
}
