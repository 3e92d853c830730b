package io.lowpass.caching.settings.profiles;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Under what a generation runs, as far as constants of a method depend on it.
 *
 * @param steps denoising steps
 * @param scheduler as requests name it
 * @param flowShift how far noise levels are moved towards 1
 * @param dtype number format of the passes, such as f32
 */
public record Conditions(
        @JsonProperty(value = "steps", required = true) int steps,
        @JsonProperty(value = "scheduler", required = true) String scheduler,
        @JsonProperty(value = "flowShift", required = true) double flowShift,
        @JsonProperty(value = "dtype", required = true) String dtype) {

    public Conditions {
        if (steps < 1) {
            throw new IllegalArgumentException("conditions.steps " + steps + " is not at least 1");
        }
        if (scheduler.isBlank() || dtype.isBlank()) {
            throw new IllegalArgumentException("conditions.scheduler and conditions.dtype must be given");
        }
        if (!(flowShift > 0) || Double.isInfinite(flowShift)) {
            throw new IllegalArgumentException("conditions.flowShift " + flowShift + " is not a positive number");
        }
    }

    /** Whether another run sees the same noise levels, but for their number. */
    boolean sameSchedule(Conditions other) {
        return scheduler.equals(other.scheduler) && flowShift == other.flowShift;
    }

    @Override
    public String toString() {
        return steps + " steps of " + scheduler + " with shift " + flowShift + " in " + dtype;
    }
}
