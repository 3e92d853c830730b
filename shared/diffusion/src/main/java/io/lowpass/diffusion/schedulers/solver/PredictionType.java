package io.lowpass.diffusion.schedulers.solver;

import ai.djl.ndarray.NDArray;

/**
 * What a model predicts for noisy latents {@code alpha x0 + sigma noise}; the names are those of {@code
 * prediction_type}.
 */
public enum PredictionType {
    /** The noise. */
    EPSILON,
    /** The clean latents. */
    SAMPLE,
    /** {@code alpha noise - sigma x0} (Salimans and Ho, 2022). */
    V_PREDICTION,
    /** {@code noise - x0}: the direction from data to noise. */
    FLOW_PREDICTION;

    /** Converts a prediction to clean latents; for a flow, {@code sigma} is its noise level. */
    public NDArray clean(double alpha, double sigma, NDArray latents, NDArray predicted) {
        return switch (this) {
            case EPSILON ->
                new WeightedSum()
                        .plus(1 / alpha, latents)
                        .plus(-sigma / alpha, predicted)
                        .sum();
            case SAMPLE -> predicted.duplicate();
            case V_PREDICTION ->
                new WeightedSum().plus(alpha, latents).plus(-sigma, predicted).sum();
            case FLOW_PREDICTION -> latents.sub(predicted.mul(sigma));
        };
    }

    /**
     * Converts a prediction to noise.
     *
     * @throws IllegalStateException for a flow, for which the reference does not need it
     */
    public NDArray noise(double alpha, double sigma, NDArray latents, NDArray predicted) {
        return switch (this) {
            case EPSILON -> predicted.duplicate();
            case SAMPLE -> noiseBeside(predicted, alpha, sigma, latents);
            case V_PREDICTION ->
                new WeightedSum().plus(alpha, predicted).plus(sigma, latents).sum();
            case FLOW_PREDICTION -> throw new IllegalStateException("a flow is solved for clean latents");
        };
    }

    /** The noise in latents, given the clean ones. */
    public static NDArray noiseBeside(NDArray clean, double alpha, double sigma, NDArray latents) {
        return new WeightedSum()
                .plus(1 / sigma, latents)
                .plus(-alpha / sigma, clean)
                .sum();
    }
}
