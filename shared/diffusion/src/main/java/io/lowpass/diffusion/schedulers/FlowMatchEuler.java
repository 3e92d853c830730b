package io.lowpass.diffusion.schedulers;

import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Euler steps along the straight paths of flow matching: diffusers' {@code FlowMatchEulerDiscreteScheduler}.
 *
 * @param trainSteps length of the time scale that the model was trained on
 * @param shift how far noise levels are moved towards 1
 * @param shiftTerminal the level of the last step, if the schedule is stretched to end there
 */
public record FlowMatchEuler(int trainSteps, double shift, OptionalDouble shiftTerminal) implements Scheduler {

    public FlowMatchEuler {
        SchedulerConfig.requireShift("shift", shift);
        SchedulerConfig.requirePositive("num_train_timesteps", trainSteps);
    }

    /** A schedule of 1000 training steps. */
    public FlowMatchEuler(double shift) {
        this(1000, shift, OptionalDouble.empty());
    }

    static FlowMatchEuler of(SchedulerConfig config) {
        config.requireOff(
                "use_dynamic_shifting",
                "invert_sigmas",
                "use_karras_sigmas",
                "use_exponential_sigmas",
                "use_beta_sigmas",
                "stochastic_sampling");
        int trainSteps = config.integer("num_train_timesteps", 1000);
        double shift = config.number("shift", 1);
        OptionalDouble terminal = config.optional("shift_terminal");
        config.requireNoProblems();
        return new FlowMatchEuler(trainSteps, shift, terminal);
    }

    @Override
    public Trajectory plan(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        // The reference derives the ends of the range from levels that are shifted already, in f32, and shifts again.
        double[] times = NoiseLevels.spaced(shiftedEnd(trainSteps) * trainSteps, shiftedEnd(1) * trainSteps, steps);
        double[] sigmas = Arrays.stream(times)
                .map(time -> NoiseLevels.shift(time / trainSteps, shift))
                .toArray();
        if (shiftTerminal.isPresent()) {
            sigmas = NoiseLevels.stretch(sigmas, shiftTerminal.getAsDouble());
        }
        double[] timesteps =
                Arrays.stream(sigmas).map(sigma -> (float) sigma * trainSteps).toArray();
        return new EulerTrajectory(new NoiseLevels(timesteps, sigmas, 0));
    }

    private double shiftedEnd(int time) {
        float sigma = (float) time / trainSteps;
        return (float) shift * sigma / (1f + (float) (shift - 1) * sigma);
    }
}
