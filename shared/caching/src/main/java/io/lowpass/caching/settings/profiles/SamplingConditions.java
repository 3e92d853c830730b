package io.lowpass.caching.settings.profiles;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The sampling conditions that constants of a method depend on.
 *
 * @param steps number of denoising steps
 * @param scheduler name of the scheduler in requests
 * @param flowShift shift of the noise schedule towards higher noise
 * @param dtype precision of the passes, such as f32
 */
public record SamplingConditions(
        @JsonProperty(value = "steps", required = true) int steps,
        @JsonProperty(value = "scheduler", required = true) String scheduler,
        @JsonProperty(value = "flowShift", required = true) double flowShift,
        @JsonProperty(value = "dtype", required = true) String dtype) {

    public SamplingConditions {
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

    /** Whether another run has the same noise schedule, apart from the number of steps. */
    boolean sameSchedule(SamplingConditions other) {
        return scheduler.equals(other.scheduler) && flowShift == other.flowShift;
    }

    @Override
    public String toString() {
        return steps + " steps of " + scheduler + " with shift " + flowShift + " in " + dtype;
    }
}
