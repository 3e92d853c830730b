package io.lowpass.diffusion.schedulers.noise;

/**
 * How far the noise levels of a flow are moved towards 1.
 *
 * @param factor 1 leaves them where they are
 * @param dynamic whether the factor is that of one video, and the schedule does not know of it
 */
public record FlowShift(double factor, boolean dynamic) {

    /** What a pipeline with dynamic shifting hands to the scheduler; no scheduler's file has it. */
    public static final String MU = "mu";

    public FlowShift {
        SchedulerConfig.requireShift("shift", factor);
    }

    /** The same for all videos. */
    public FlowShift(double factor) {
        this(factor, false);
    }

    /**
     * Reads {@code use_dynamic_shifting}, {@code time_shift_type}, {@code mu} and the fixed shift.
     *
     * @param fixed name of the field with the fixed shift
     */
    public static FlowShift of(SchedulerConfig config, String fixed) {
        double factor = config.above(fixed, 1);
        boolean linear = config.choice("time_shift_type", "exponential", "exponential", "linear")
                .equals("linear");
        double mu = config.number(MU, Double.NaN);
        boolean told = !Double.isNaN(mu);
        if (!config.flag("use_dynamic_shifting", false)) {
            config.require(!told, MU, mu, "absent, or with use_dynamic_shifting");
            return new FlowShift(factor);
        }
        config.require(told, "use_dynamic_shifting", true, "off: the pipelines of these models pass no mu");
        config.require(!linear || !(mu <= 0), MU, mu, "above 0 with time_shift_type linear");
        return new FlowShift(told ? (linear ? Math.max(mu, Double.MIN_NORMAL) : Math.exp(mu)) : factor, true);
    }

    /** A level, moved (Esser et al., 2024, section 5.3.2). */
    public double of(double sigma) {
        return Sigmas.shift(sigma, factor);
    }

    /** A level, moved in f32 as the reference does it. */
    public float of(float sigma) {
        float single = (float) factor;
        return dynamic ? single / (single + (1f / sigma - 1f)) : single * sigma / (1f + (float) (factor - 1) * sigma);
    }
}
