package io.lowpass.diffusion.schedulers.multistep;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.solver.PredictionType;
import java.util.Optional;

/**
 * The quantity that a multistep solver integrates, and its conversion from predictions.
 *
 * @param type what the model predicts
 * @param noise whether the solver integrates noise instead of clean latents
 * @param thresholding thresholding of clean latents, if enabled
 */
public record SolverTarget(PredictionType type, boolean noise, Optional<DynamicThresholding> thresholding) {

    /** The clean latents of a flow. */
    public static final SolverTarget OF_FLOW =
            new SolverTarget(PredictionType.FLOW_PREDICTION, false, Optional.empty());

    /** Reads {@code prediction_type} and the thresholding. */
    public static SolverTarget of(SchedulerConfig config, boolean noise) {
        PredictionType type = config.constant("prediction_type", PredictionType.EPSILON);
        config.require(
                !noise || type != PredictionType.FLOW_PREDICTION,
                "prediction_type",
                "flow_prediction",
                "epsilon or sample or v_prediction where the solver follows the noise");
        return new SolverTarget(type, noise, DynamicThresholding.of(config));
    }

    /** Converts a prediction at a step to this quantity. */
    public NDArray of(int step, Sigmas schedule, NDArray latents, NDArray predicted) {
        double alpha = schedule.alpha(step);
        double sigma = type == PredictionType.FLOW_PREDICTION ? schedule.sigma(step) : schedule.noise(step);
        if (!noise) {
            NDArray clean = type.clean(alpha, sigma, latents, predicted);
            return thresholding.map(cut -> cut.of(clean)).orElse(clean);
        }
        NDArray predictedNoise = type.noise(alpha, sigma, latents, predicted);
        return thresholding
                .map(cut -> cut.of(PredictionType.EPSILON.clean(alpha, sigma, latents, predictedNoise)))
                .map(clean -> PredictionType.noiseBeside(clean, alpha, sigma, latents))
                .orElse(predictedNoise);
    }
}
