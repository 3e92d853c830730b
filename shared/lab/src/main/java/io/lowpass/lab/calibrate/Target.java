package io.lowpass.lab.calibrate;

/**
 * The target for a threshold.
 *
 * @param kind the measured quantity
 * @param value its target: a factor, or dB
 */
record Target(Goal kind, double value) {

    /** The measured quantity. */
    enum Goal {
        /** At least this ratio of multiply-adds, uncached to cached. */
        SPEEDUP,
        /** At least this mean PSNR to the uncached videos. */
        PSNR
    }

    Target {
        if (!(value > (kind == Goal.SPEEDUP ? 1 : 0)) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    option(kind) + " is " + value + ", allowed is a number above " + (kind == Goal.SPEEDUP ? 1 : 0));
        }
    }

    /** Whether a threshold is beyond the target: fast enough, or not similar enough. */
    boolean isPassed(Trial trial) {
        return kind == Goal.SPEEDUP ? trial.speedup() >= value : trial.psnr() < value;
    }

    /** Whether the best threshold is the first beyond the target, or the last before it. */
    boolean wantsPassed() {
        return kind == Goal.SPEEDUP;
    }

    /** The command-line option. */
    static String option(Goal kind) {
        return kind == Goal.SPEEDUP ? "--target-speedup" : "--target-psnr";
    }

    @Override
    public String toString() {
        return kind == Goal.SPEEDUP ? value + "x fewer multiply-adds" : value + " dB";
    }
}
