package io.lowpass.caching.precise;

/**
 * What replaces a prediction that LFCache does not compute: the rows of the paper's Table 4, generalised to noise
 * levels that are not evenly spaced.
 */
public enum Reuse {
    /** The last computed prediction F: row "Reuse prediction", and the paper's default. */
    PREDICTION(0, false),
    /** The last computed residual F - Z, added to the latents of this step: row "Reuse residuals". */
    RESIDUAL(0, false),
    /** Linear extrapolation of the last two computed predictions over the noise level. */
    TAYLOR1(1, false),
    /** Quadratic extrapolation of the last three computed predictions over the noise level. */
    TAYLOR2(2, false),
    /** Linear extrapolation over the step index, as TaylorSeer of order 1: row "TaylorSeer". */
    STEP_TAYLOR1(1, true),
    /** Quadratic extrapolation over the step index. */
    STEP_TAYLOR2(2, true);

    private final int order;
    private final boolean bySteps;

    Reuse(int order, boolean bySteps) {
        this.order = order;
        this.bySteps = bySteps;
    }

    /** Order of the extrapolation; 0 repeats the last prediction. */
    public int order() {
        return order;
    }

    /** Whether it extrapolates over the step index rather than the noise level. */
    boolean isBySteps() {
        return bySteps;
    }
}
