package io.lowpass.diffusion.schedulers.flow;

import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.noise.FlowShift;
import io.lowpass.diffusion.schedulers.noise.GivenSigmas;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.SigmaSpacing;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.solver.AddedNoise;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Euler steps along the straight paths of flow matching: diffusers' {@code FlowMatchEulerDiscreteScheduler}.
 *
 * @param trainSteps length of the time scale that the model was trained on
 * @param shift how far noise levels are moved towards 1
 * @param shiftTerminal the level of the last step, if the schedule is stretched to end there
 * @param given levels before they are shifted, where the scheduler does not make its own
 * @param spread how levels lie between the first and the last
 * @param inverted whether levels and times are told as shares of signal, which grow to 1
 * @param noise what a stochastic step adds; one that is not stochastic adds nothing
 */
public record FlowMatchEuler(
        int trainSteps,
        FlowShift shift,
        OptionalDouble shiftTerminal,
        GivenSigmas given,
        SigmaSpacing spread,
        boolean inverted,
        AddedNoise noise)
        implements Scheduler {

    /** The setting for evenly spaced levels, which no scheduler's file has: a family adds it where its pipeline does. */
    public static final String EVEN = "even_sigmas";

    public FlowMatchEuler {
        SchedulerConfig.requirePositive("num_train_timesteps", trainSteps);
    }

    /** A schedule of 1000 training steps. */
    public FlowMatchEuler(double shift) {
        this(
                1000,
                new FlowShift(shift),
                OptionalDouble.empty(),
                GivenSigmas.NONE,
                SigmaSpacing.SHIFTED,
                false,
                AddedNoise.NONE);
    }

    public static FlowMatchEuler of(SchedulerConfig config) {
        int trainSteps = config.positive("num_train_timesteps", 1000);
        FlowShift shift = FlowShift.of(config, "shift");
        OptionalDouble terminal = config.shiftTerminal();
        GivenSigmas given = GivenSigmas.of(config);
        SigmaSpacing spread = config.spread();
        boolean inverted = config.flag("invert_sigmas", false);
        boolean stochastic = config.flag("stochastic_sampling", false);
        config.requireNoProblems();
        return new FlowMatchEuler(
                trainSteps, shift, terminal, given, spread, inverted, new AddedNoise(stochastic, Optional.empty()));
    }

    @Override
    public Scheduler drawingFrom(NoiseSource source) {
        return new FlowMatchEuler(trainSteps, shift, shiftTerminal, given, spread, inverted, noise.drawnFrom(source));
    }

    @Override
    public Scheduler withSigmas(List<Double> sigmas) {
        return new FlowMatchEuler(trainSteps, shift, shiftTerminal, given.with(sigmas), spread, inverted, noise);
    }

    @Override
    public Trajectory plan(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        double[] sigmas =
                spread.of(given.forSteps(steps).map(this::shiftedSingle).orElseGet(() -> shifted(steps)));
        if (inverted) {
            sigmas = Arrays.stream(sigmas).map(sigma -> 1f - (float) sigma).toArray();
        }
        double[] timesteps =
                Arrays.stream(sigmas).map(sigma -> (float) sigma * trainSteps).toArray();
        Sigmas schedule = new Sigmas(timesteps, sigmas, inverted ? 1 : 0);
        return noise.wanted() ? new StochasticEulerTrajectory(schedule, noise.source()) : new EulerTrajectory(schedule);
    }

    private double[] shifted(int steps) {
        double[] sigmas = Arrays.stream(unshifted(steps)).map(shift::of).toArray();
        return shiftTerminal.isPresent() ? Sigmas.stretch(sigmas, shiftTerminal.getAsDouble()) : sigmas;
    }

    /** The reference shifts and stretches given levels in f32. */
    private double[] shiftedSingle(double[] unshifted) {
        double[] sigmas =
                Arrays.stream(unshifted).map(sigma -> shift.of((float) sigma)).toArray();
        double[] stretched =
                shiftTerminal.isPresent() ? Sigmas.stretchSingle(sigmas, shiftTerminal.getAsDouble()) : sigmas;
        given.requireDescending(stretched);
        return stretched;
    }

    private double[] unshifted(int steps) {
        // The reference derives the ends of the range from levels that are shifted already, in f32, and shifts again.
        double[] times = Sigmas.spaced(end(trainSteps) * trainSteps, end(1) * trainSteps, steps);
        return Arrays.stream(times).map(time -> time / trainSteps).toArray();
    }

    private double end(int time) {
        float sigma = (float) time / trainSteps;
        float factor = shift.dynamic() ? 1 : (float) shift.factor();
        return factor * sigma / (1f + (factor - 1) * sigma);
    }
}
