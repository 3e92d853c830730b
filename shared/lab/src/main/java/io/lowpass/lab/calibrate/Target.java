package io.lowpass.lab.calibrate;

/**
 * What a threshold is chosen for.
 *
 * @param kind what counts
 * @param value how much of it: a factor, or dB
 */
record Target(Kind kind, double value) {

    /** What counts. */
    enum Kind {
        /** Multiply-adds of the uncached run by those of the cached one, at least. */
        SPEEDUP,
        /** Peak signal-to-noise ratio to the uncached run, mean over videos, at least. */
        PSNR
    }

    Target {
        if (!(value > (kind == Kind.SPEEDUP ? 1 : 0)) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    option(kind) + " is '" + value + "', allowed is a number above " + (kind == Kind.SPEEDUP ? 1 : 0));
        }
    }

    /** Whether a threshold is on the far side: fast enough, or too unlike. */
    boolean isPassed(Trial trial) {
        return kind == Kind.SPEEDUP ? trial.speedup() >= value : trial.psnr() < value;
    }

    /** Whether the best threshold is the first that passes, or the last that does not. */
    boolean wantsPassed() {
        return kind == Kind.SPEEDUP;
    }

    /** The command's option for it. */
    static String option(Kind kind) {
        return kind == Kind.SPEEDUP ? "--target-speedup" : "--target-psnr";
    }

    @Override
    public String toString() {
        return kind == Kind.SPEEDUP ? value + "x fewer multiply-adds" : value + " dB";
    }
}
