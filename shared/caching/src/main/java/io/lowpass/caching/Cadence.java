package io.lowpass.caching;

import io.lowpass.diffusion.Step;
import io.lowpass.diffusion.Trajectory;
import java.util.OptionalInt;

/**
 * How often something is computed: everywhere outside a window, and at every n-th step within.
 *
 * @param every distance of the steps that are computed within the window; 1 computes all
 * @param phase the remainder that a computed step's index leaves when divided by {@code every}
 */
public record Cadence(int every, int phase, StepWindow window) {

    public Cadence {
        SettingChecks.requireAtLeast("every", every, 1);
        if (phase < 0 || phase >= every) {
            throw new IllegalArgumentException("phase " + phase + " is not at least 0 and below every " + every);
        }
    }

    /** Computes the steps that {@code every} divides. */
    public Cadence(int every, StepWindow window) {
        this(every, 0, window);
    }

    /** Whether a step takes again what an earlier one computed; never the first. */
    public boolean isReused(Step step) {
        return step.index() > 0 && window.contains(step) && (step.index() - phase) % every != 0;
    }

    /** The first step of a trajectory that reuses; empty if none does. */
    public OptionalInt firstReused(Trajectory trajectory) {
        return window.steps(trajectory)
                .filter(i -> isReused(trajectory.step(i)))
                .findFirst();
    }
}
