package io.lowpass.caching;

import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.fields.Window;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The part of a trajectory in which a method may reuse.
 *
 * @param low lower bound
 * @param high upper bound
 * @param unit unit of the bounds
 */
public record StepWindow(double low, double high, Unit unit) {

    /** The unit of the bounds. */
    public enum Unit {
        /**
         * The timestep, 1000 to 0, truncated to an integer, strictly between the bounds: as published, for the schedule
         * that the model was published with.
         */
        TIMESTEP,
        /**
         * The finished share of the steps, from the lower bound (inclusive) to the upper (exclusive): the same part of
         * a video whatever the shift of its schedule.
         */
        STEP_FRACTION
    }

    public StepWindow {
        boolean shares = unit == Unit.STEP_FRACTION;
        if (!Window.isAllowed(low, high, shares)) {
            throw new IllegalArgumentException(
                    "window is [" + low + ", " + high + "], allowed is " + Window.allowed(shares));
        }
    }

    /** Bounds on the model's time. */
    public static StepWindow ofTimesteps(double low, double high) {
        return new StepWindow(low, high, Unit.TIMESTEP);
    }

    /** Bounds on the share of steps that is done. */
    public static StepWindow ofSteps(double low, double high) {
        return new StepWindow(low, high, Unit.STEP_FRACTION);
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
