package io.lowpass.diffusion.schedulers;

import java.util.function.DoubleUnaryOperator;

/**
 * The noise schedule of CogVideoX's schedulers (Yang et al., 2024, section 2.4): that of a variance-preserving
 * diffusion, its signal-to-noise ratio shifted and brought to zero at the start.
 *
 * @param trainSteps length of the time scale that the model was trained on
 * @param betas how the noise that training adds at each time grows
 * @param firstBeta at time 0
 * @param lastBeta at the last time
 * @param snrShift divides the signal-to-noise ratio
 * @param zeroTerminal whether levels are stretched so that the first step starts from noise alone (Lin et al., 2024)
 * @param endsClean whether nothing of the noise is left after the last step, or what time 0 has
 * @param spacing which times are visited
 * @param offset added to them where they are {@link Spacing#LEADING}
 * @param prediction what the model predicts
 */
record DiffusionSchedule(
        int trainSteps,
        Betas betas,
        double firstBeta,
        double lastBeta,
        double snrShift,
        boolean zeroTerminal,
        boolean endsClean,
        Spacing spacing,
        int offset,
        Prediction prediction) {

    private static final double SHARPEST_BETA = 0.999;
    private static final double COSINE_OFFSET = 0.008;

    /** How the noise that training adds grows with time. */
    enum Betas {
        /** Evenly. */
        LINEAR,
        /** Evenly in its root. */
        SCALED_LINEAR,
        /** So that the signal falls as a squared cosine. */
        SQUAREDCOS_CAP_V2
    }

    /** Which times are visited. */
    enum Spacing {
        /** Even steps from the last time to 0, both included. */
        LINSPACE,
        /** Multiples of a whole step, from 0. */
        LEADING,
        /** Even steps down from the last time. */
        TRAILING
    }

    /** What the model predicts. */
    enum Prediction {
        EPSILON,
        SAMPLE,
        V_PREDICTION
    }

    DiffusionSchedule {
        SchedulerConfig.requirePositive("num_train_timesteps", trainSteps);
        SchedulerConfig.requireShift("snr_shift_scale", snrShift);
        requireBeta("beta_start", firstBeta);
        requireBeta("beta_end", lastBeta);
        if (offset < 0) {
            throw new IllegalArgumentException("steps_offset " + offset + " is not at least 0");
        }
    }

    /** The settings of CogVideoX's repositories. */
    static DiffusionSchedule published(double snrShift) {
        return new DiffusionSchedule(
                1000,
                Betas.SCALED_LINEAR,
                0.00085,
                0.012,
                snrShift,
                true,
                true,
                Spacing.TRAILING,
                0,
                Prediction.V_PREDICTION);
    }

    static DiffusionSchedule of(SchedulerConfig config) {
        config.requireOff("trained_betas");
        int trainSteps = config.integer("num_train_timesteps", 1000);
        Betas betas = config.constant("beta_schedule", Betas.SCALED_LINEAR);
        double firstBeta = config.number("beta_start", 0.00085);
        double lastBeta = config.number("beta_end", 0.012);
        double snrShift = config.number("snr_shift_scale", 3);
        boolean zeroTerminal = config.flag("rescale_betas_zero_snr", false);
        boolean endsClean = config.flag("set_alpha_to_one", true);
        Spacing spacing = config.constant("timestep_spacing", Spacing.LEADING);
        int offset = config.integer("steps_offset", 0);
        Prediction prediction = config.constant("prediction_type", Prediction.EPSILON);
        config.requireNoProblems();
        return new DiffusionSchedule(
                trainSteps, betas, firstBeta, lastBeta, snrShift, zeroTerminal, endsClean, spacing, offset, prediction);
    }

    /**
     * The levels of a number of steps.
     *
     * @throws IllegalArgumentException if there are fewer than 1 or more than training had
     */
    SignalLevels levels(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        if (steps > trainSteps) {
            throw new IllegalArgumentException("steps " + steps + " is more than num_train_timesteps " + trainSteps
                    + ", which is allowed at most");
        }
        int[] times = times(steps);
        if (times[0] >= trainSteps) {
            throw new IllegalArgumentException("steps_offset " + offset + " is too large for " + steps + " steps of "
                    + trainSteps + ": time " + times[0] + " does not exist");
        }
        double[] alphas = alphas();
        double last = endsClean ? 1 : alphas[0];
        double[] visited = new double[steps];
        double[] next = new double[steps];
        for (int i = 0; i < steps; i++) {
            int after = times[i] - trainSteps / steps;
            visited[i] = alphas[times[i]];
            next[i] = after >= 0 ? alphas[after] : last;
        }
        return new SignalLevels(times, visited, next, trainSteps / steps, prediction);
    }

    private int[] times(int steps) {
        int[] times = new int[steps];
        for (int i = 0; i < steps; i++) {
            times[i] = switch (spacing) {
                case LINSPACE -> (int) Math.rint(NoiseLevels.between(0, trainSteps - 1.0, steps - 1 - i, steps));
                case LEADING -> (steps - 1 - i) * (trainSteps / steps) + offset;
                // The gap as an array of even steps has it, rounded once.
                case TRAILING ->
                    (int) Math.rint(trainSteps + i * ((trainSteps - (double) trainSteps / steps) - trainSteps)) - 1;
            };
        }
        return times;
    }

    /** The share of signal in the variance at each time of training, with the roundings of the reference. */
    private double[] alphas() {
        // The reference keeps the scaled schedule in double precision, the others in single.
        DoubleUnaryOperator round = betas == Betas.SCALED_LINEAR ? x -> x : x -> (float) x;
        double[] alphas = new double[trainSteps];
        double product = 1;
        for (int time = 0; time < trainSteps; time++) {
            product *= round.applyAsDouble(1 - round.applyAsDouble(beta(time)));
            double alpha = round.applyAsDouble(product);
            alphas[time] = round.applyAsDouble(
                    alpha / round.applyAsDouble(snrShift + round.applyAsDouble((1 - snrShift) * alpha)));
        }
        return zeroTerminal ? rescaled(alphas, round) : alphas;
    }

    private double beta(int time) {
        return switch (betas) {
            case LINEAR -> NoiseLevels.between(firstBeta, lastBeta, time, trainSteps);
            case SCALED_LINEAR -> {
                double root = NoiseLevels.between(Math.sqrt(firstBeta), Math.sqrt(lastBeta), time, trainSteps);
                yield root * root;
            }
            case SQUAREDCOS_CAP_V2 -> Math.min(1 - cosine(time + 1) / cosine(time), SHARPEST_BETA);
        };
    }

    private double cosine(int time) {
        double angle = ((double) time / trainSteps + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2;
        return Math.cos(angle) * Math.cos(angle);
    }

    /** Stretches the roots of the levels so that the last is 0 and the first stays. */
    private static double[] rescaled(double[] alphas, DoubleUnaryOperator round) {
        double first = round.applyAsDouble(Math.sqrt(alphas[0]));
        double last = round.applyAsDouble(Math.sqrt(alphas[alphas.length - 1]));
        double factor = round.applyAsDouble(first / round.applyAsDouble(first - last));
        double[] rescaled = new double[alphas.length];
        for (int time = 0; time < alphas.length; time++) {
            double root = round.applyAsDouble(round.applyAsDouble(Math.sqrt(alphas[time])) - last);
            double stretched = round.applyAsDouble(root * factor);
            rescaled[time] = round.applyAsDouble(stretched * stretched);
        }
        return rescaled;
    }

    private static void requireBeta(String name, double beta) {
        if (!(beta > 0 && beta < 1)) {
            throw new IllegalArgumentException(name + " " + beta + " is not between 0 and 1");
        }
    }
}
