package io.lowpass.lab.calibrate;

import java.util.function.DoubleFunction;

/**
 * Finds the threshold that meets a target, by doubling or halving and then bisection. It assumes that a larger
 * threshold reuses more; even where that does not hold, the result meets the target.
 */
final class ThresholdSearch {

    private static final double START = 0.1;
    private static final int WIDEST = 14;
    private static final int BISECTIONS = 6;
    private static final double CLOSE = 1.02;

    private final Target target;
    private final DoubleFunction<Trial> trials;

    ThresholdSearch(Target target, DoubleFunction<Trial> trials) {
        this.target = target;
        this.trials = trials;
    }

    /**
     * Runs the search.
     *
     * @throws IllegalArgumentException if no threshold meets the target, with the nearest one
     */
    Trial run() {
        Trial first = trials.apply(START);
        return target.isPassed(first) ? downFrom(first) : upFrom(first);
    }

    private Trial upFrom(Trial start) {
        Trial below = start;
        for (int i = 0; i < WIDEST; i++) {
            Trial next = trials.apply(below.threshold() * 2);
            if (target.isPassed(next)) {
                return between(below, next);
            }
            below = next;
        }
        return orRefused(below, target.wantsPassed());
    }

    private Trial downFrom(Trial start) {
        Trial above = start;
        for (int i = 0; i < WIDEST; i++) {
            Trial next = trials.apply(above.threshold() / 2);
            if (!target.isPassed(next)) {
                return between(next, above);
            }
            above = next;
        }
        return orRefused(above, !target.wantsPassed());
    }

    private Trial orRefused(Trial nearest, boolean refused) {
        if (refused) {
            throw new IllegalArgumentException("no threshold reaches " + target + ": the nearest, "
                    + nearest.threshold() + ", comes to " + nearest.speedup() + "x and " + nearest.psnr() + " dB");
        }
        return nearest;
    }

    private Trial between(Trial notPassed, Trial passed) {
        Trial below = notPassed;
        Trial above = passed;
        for (int i = 0; i < BISECTIONS && above.speedup() > CLOSE * below.speedup(); i++) {
            Trial middle = trials.apply(Math.sqrt(below.threshold() * above.threshold()));
            if (target.isPassed(middle)) {
                above = middle;
            } else {
                below = middle;
            }
        }
        return target.wantsPassed() ? above : below;
    }
}
