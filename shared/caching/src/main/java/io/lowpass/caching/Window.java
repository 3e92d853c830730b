package io.lowpass.caching;

import io.lowpass.diffusion.Step;
import io.lowpass.diffusion.Trajectory;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The part of a trajectory in which a method may reuse.
 *
 * @param low its lower bound
 * @param high its upper bound
 * @param unit what the bounds count
 */
public record Window(double low, double high, Unit unit) {

    /** What bounds count. */
    public enum Unit {
        /**
         * The model's time, 1000 to 0, cut to a whole number, strictly between the bounds: as published, for the schedule
         * that a model was published with.
         */
        TIMESTEP,
        /**
         * The share of the steps that is done, from the lower bound on and below the upper: the same part of a video
         * whatever the shift of its schedule.
         */
        STEP_FRACTION
    }

    public Window {
        boolean shares = unit == Unit.STEP_FRACTION;
        if (!io.lowpass.fields.Window.isAllowed(low, high, shares)) {
            throw new IllegalArgumentException("window is [" + low + ", " + high + "], allowed is "
                    + io.lowpass.fields.Window.allowed(shares));
        }
    }

    /** Bounds on the model's time. */
    public static Window ofTimesteps(double low, double high) {
        return new Window(low, high, Unit.TIMESTEP);
    }

    /** Bounds on the share of steps that is done. */
    public static Window ofSteps(double low, double high) {
        return new Window(low, high, Unit.STEP_FRACTION);
    }

    /** Whether a step lies within. */
    public boolean contains(Step step) {
        if (unit == Unit.TIMESTEP) {
            int time = (int) step.timestep();
            return low < time && time < high;
        }
        double done = (double) step.index() / step.count();
        return low <= done && done < high;
    }

    /** The steps of a trajectory that lie within, ascending. */
    IntStream steps(Trajectory trajectory) {
        return IntStream.range(0, trajectory.steps()).filter(i -> contains(trajectory.step(i)));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "[%s, %s] %s", low, high, unit == Unit.TIMESTEP ? "of the timestep" : "of the steps");
    }
}
