package io.lowpass.caching;

import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.steps.Step;
import java.util.OptionalInt;

/**
 * How often something is computed: at every step outside a window, and at every n-th step within.
 *
 * @param every distance of the computed steps within the window; 1 computes all
 * @param phase remainder of a computed step's index when divided by {@code every}
 */
public record Cadence(int every, int phase, StepWindow window) {

    public Cadence {
        SettingChecks.requireAtLeast("every", every, 1);
        if (phase < 0 || phase >= every) {
            throw new IllegalArgumentException("phase " + phase + " is not at least 0 and below every " + every);
        }
    }

    /** Computes the steps whose index is a multiple of {@code every}. */
    public Cadence(int every, StepWindow window) {
        this(every, 0, window);
    }

    /** Whether a step reuses an earlier result; never the first step. */
    public boolean isReused(Step step) {
        return step.index() > 0 && window.contains(step) && (step.index() - phase) % every != 0;
    }

    /** The first step of a trajectory that reuses, if any. */
    public OptionalInt firstReused(Trajectory trajectory) {
        return window.steps(trajectory)
                .filter(i -> isReused(trajectory.step(i)))
                .findFirst();
    }
}
