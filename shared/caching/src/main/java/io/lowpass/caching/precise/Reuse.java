package io.lowpass.caching.precise;

/**
 * What LFCache takes in place of a prediction that it does not compute: the rows of the paper's Table 4, and what they
 * become on levels of noise that are not evenly spaced.
 */
public enum Reuse {
    /** The last computed prediction F: row "Reuse prediction", and the paper's default. */
    PREDICTION(0, false),
    /** The last computed residual F - Z, added to the latents of this step: row "Reuse residuals". */
    RESIDUAL(0, false),
    /** The line through the last two computed predictions over the noise level. */
    TAYLOR1(1, false),
    /** The parabola through the last three computed predictions over the noise level. */
    TAYLOR2(2, false),
    /** The line over the number of the step, which is TaylorSeer's of order 1: row "TaylorSeer". */
    STEP_TAYLOR1(1, true),
    /** The parabola over the number of the step. */
    STEP_TAYLOR2(2, true);

    private final int order;
    private final boolean bySteps;

    Reuse(int order, boolean bySteps) {
        this.order = order;
        this.bySteps = bySteps;
    }

    /** Degree of the polynomial that continues the computed predictions; 0 repeats the last. */
    public int order() {
        return order;
    }

    /** Whether it is a polynomial in the number of the step, rather than in the noise level. */
    boolean isBySteps() {
        return bySteps;
    }
}
