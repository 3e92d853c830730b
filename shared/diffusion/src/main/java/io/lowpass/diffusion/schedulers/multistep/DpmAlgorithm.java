package io.lowpass.diffusion.schedulers.multistep;

import io.lowpass.diffusion.schedulers.noise.FinalSigma;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import java.util.stream.Stream;

/** The variants of DPM-Solver; the names are those of {@code algorithm_type}. */
enum DpmAlgorithm {
    /** Deterministic, on predicted clean latents. */
    DPMSOLVER_PLUS_PLUS("dpmsolver++"),
    /** Deterministic, on predicted noise. */
    DPMSOLVER("dpmsolver"),
    /** Stochastic, on predicted clean latents. */
    SDE_DPMSOLVER_PLUS_PLUS("sde-dpmsolver++"),
    /** Stochastic, on predicted noise. */
    SDE_DPMSOLVER("sde-dpmsolver");

    private final String written;

    DpmAlgorithm(String written) {
        this.written = written;
    }

    /** Reads {@code algorithm_type}; rejects a final sigma of zero where it is not defined. */
    static DpmAlgorithm of(SchedulerConfig config, FinalSigma last) {
        String[] allowed = Stream.concat(Stream.of(values()).map(value -> value.written), Stream.of("deis"))
                .toArray(String[]::new);
        String chosen = config.choice("algorithm_type", "dpmsolver++", allowed);
        DpmAlgorithm algorithm = Stream.of(values())
                .filter(value -> value.written.equals(chosen))
                .findFirst()
                .orElse(DPMSOLVER_PLUS_PLUS);
        // The reference replaces deis by dpmsolver++, but checks the final sigma first.
        config.require(
                last == FinalSigma.SIGMA_MIN || !(algorithm.followsNoise() || chosen.equals("deis")),
                "final_sigmas_type",
                "zero",
                "sigma_min with algorithm_type " + chosen);
        return algorithm;
    }

    boolean isStochastic() {
        return this == SDE_DPMSOLVER_PLUS_PLUS || this == SDE_DPMSOLVER;
    }

    /** Whether it works on predicted noise instead of predicted clean latents. */
    boolean followsNoise() {
        return this == DPMSOLVER || this == SDE_DPMSOLVER;
    }

    int highestOrder() {
        return this == SDE_DPMSOLVER ? 2 : 3;
    }

    /** The weights of a step. */
    StepWeights weights(Sigmas schedule, int step) {
        double h = schedule.lambda(step + 1) - schedule.lambda(step);
        double signal = schedule.alpha(step + 1);
        double noise = schedule.noise(step + 1);
        double ofSignal = signal / schedule.alpha(step);
        double ofNoise = noise / schedule.noise(step);
        return switch (this) {
            case DPMSOLVER_PLUS_PLUS -> new StepWeights(ofNoise, signal, -h, 0.5, 0);
            case DPMSOLVER -> new StepWeights(ofSignal, noise, h, 0.5, 0);
            case SDE_DPMSOLVER_PLUS_PLUS ->
                new StepWeights(ofNoise * Math.exp(-h), signal, -2 * h, -0.5, noise * Math.sqrt(-Math.expm1(-2 * h)));
            case SDE_DPMSOLVER -> new StepWeights(ofSignal, 2 * noise, h, 0.5, noise * Math.sqrt(Math.expm1(2 * h)));
        };
    }

    /**
     * The coefficients of one step.
     *
     * @param carried factor of the latents
     * @param scale common factor of all predictions
     * @param exponent step size in lambda, as it applies to the predictions
     * @param offset correction of the second derivative's integral in the reference
     * @param noise factor of the added noise
     */
    record StepWeights(double carried, double scale, double exponent, double offset, double noise) {

        /** Coefficient of the newest prediction. */
        double value() {
            return -scale * Math.expm1(exponent);
        }

        /** Coefficient of the first derivative. */
        double slope() {
            return -scale * (Math.expm1(exponent) / exponent - 1);
        }

        /** Coefficient of the second derivative. */
        double bend() {
            return -scale * ((Math.expm1(exponent) - exponent) / (exponent * exponent) - offset);
        }
    }
}
