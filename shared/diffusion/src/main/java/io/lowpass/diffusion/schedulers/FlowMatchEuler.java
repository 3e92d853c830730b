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
 * @param even whether levels are 1, 1 - 1/N, ..., 1/N before they are shifted, as pipelines hand them over that do not
 *     leave them to the scheduler
 * @param spread how levels lie between the first and the last
 */
public record FlowMatchEuler(
        int trainSteps, double shift, OptionalDouble shiftTerminal, boolean even, LevelSpread spread)
        implements Scheduler {

    /** The setting for evenly spaced levels, which no scheduler's file has: a family adds it where its pipeline does. */
    public static final String EVEN = "even_sigmas";

    public FlowMatchEuler {
        SchedulerConfig.requireShift("shift", shift);
        SchedulerConfig.requirePositive("num_train_timesteps", trainSteps);
    }

    /** A schedule of 1000 training steps. */
    public FlowMatchEuler(double shift) {
        this(1000, shift, OptionalDouble.empty(), false, LevelSpread.SHIFTED);
    }

    static FlowMatchEuler of(SchedulerConfig config) {
        config.requireOff("use_dynamic_shifting", "invert_sigmas", "stochastic_sampling");
        int trainSteps = config.integer("num_train_timesteps", 1000);
        double shift = config.number("shift", 1);
        OptionalDouble terminal = config.optional("shift_terminal");
        boolean even = config.flag(EVEN, false);
        LevelSpread spread = config.spread();
        config.requireNoProblems();
        return new FlowMatchEuler(trainSteps, shift, terminal, even, spread);
    }

    @Override
    public Trajectory plan(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        double[] sigmas = Arrays.stream(unshifted(steps))
                .map(sigma -> NoiseLevels.shift(sigma, shift))
                .toArray();
        if (shiftTerminal.isPresent()) {
            sigmas = NoiseLevels.stretch(sigmas, shiftTerminal.getAsDouble());
        }
        sigmas = spread.of(sigmas);
        double[] timesteps =
                Arrays.stream(sigmas).map(sigma -> (float) sigma * trainSteps).toArray();
        return new EulerTrajectory(new NoiseLevels(timesteps, sigmas, 0));
    }

    private double[] unshifted(int steps) {
        if (even) {
            return NoiseLevels.spaced(1, 1.0 / steps, steps);
        }
        // The reference derives the ends of the range from levels that are shifted already, in f32, and shifts again.
        double[] times = NoiseLevels.spaced(shiftedEnd(trainSteps) * trainSteps, shiftedEnd(1) * trainSteps, steps);
        return Arrays.stream(times).map(time -> time / trainSteps).toArray();
    }

    private double shiftedEnd(int time) {
        float sigma = (float) time / trainSteps;
        return (float) shift * sigma / (1f + (float) (shift - 1) * sigma);
    }
}
