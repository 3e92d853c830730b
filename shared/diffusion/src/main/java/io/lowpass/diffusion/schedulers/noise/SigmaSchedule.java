package io.lowpass.diffusion.schedulers.noise;

import java.util.List;

/** Where the noise levels of a multistep solver lie. */
public interface SigmaSchedule {

    /**
     * The levels of a number of steps.
     *
     * @throws IllegalArgumentException if there are fewer than 1, or too many for the schedule
     */
    Sigmas forSteps(int steps);

    /**
     * The same with levels of a request.
     *
     * @throws IllegalArgumentException if the schedule has no place for them
     */
    default SigmaSchedule withSigmas(List<Double> sigmas) {
        throw new IllegalArgumentException(
                "sigmas is " + sigmas + ", allowed is none: this scheduler follows only its own noise levels");
    }

    /** The level after the last step. */
    FinalSigma last();
}
