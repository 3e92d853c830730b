package io.lowpass.diffusion.schedulers.noise;

import java.util.Arrays;

/** The noise levels of a trajectory and the times that the model takes. */
public final class Sigmas implements NoiseSchedule {

    /** What a noise level says. */
    enum Parameterization {
        /** The share of noise: latents are {@code (1 - sigma) x0 + sigma noise}. */
        FLOW,
        /** The ratio of noise to signal, whose squares add up to 1 in latents. */
        VARIANCE_PRESERVING
    }

    private final double[] timesteps;
    private final double[] sigmas;
    private final Parameterization parameterization;

    /** The levels of a flow. */
    public Sigmas(double[] timesteps, double[] sigmas, double last) {
        this(timesteps, sigmas, last, Parameterization.FLOW);
    }

    /**
     * Rounds the levels to f32, as the reference keeps them.
     *
     * @param timesteps one per step
     * @param sigmas one per step, from noisy to clean
     * @param last the level after the last step
     * @param parameterization what the levels say
     */
    public Sigmas(double[] timesteps, double[] sigmas, double last, Parameterization parameterization) {
        this.parameterization = parameterization;
        this.timesteps = timesteps.clone();
        this.sigmas = Arrays.copyOf(sigmas, sigmas.length + 1);
        this.sigmas[sigmas.length] = last;
        Arrays.setAll(this.sigmas, i -> (float) this.sigmas[i]);
    }

    @Override
    public int steps() {
        return timesteps.length;
    }

    @Override
    public double timestep(int step) {
        return timesteps[step];
    }

    @Override
    public double sigma(int step) {
        return sigmas[step];
    }

    /** The weight of the signal in the latents. */
    public double alpha(int step) {
        return parameterization == Parameterization.FLOW
                ? 1 - sigmas[step]
                : 1 / Math.sqrt(1 + sigmas[step] * sigmas[step]);
    }

    /** The weight of the noise in the latents. */
    public double noise(int step) {
        return parameterization == Parameterization.FLOW ? sigmas[step] : sigmas[step] * alpha(step);
    }

    /** Half the logarithm of the signal-to-noise ratio; infinite where no noise is left. */
    public double lambda(int step) {
        return Math.log(alpha(step)) - Math.log(noise(step));
    }

    /** Moves a noise level towards 1, as larger videos need (Esser et al., 2024, section 5.3.2). */
    public static double shift(double sigma, double shift) {
        return shift * sigma / (1 + (shift - 1) * sigma);
    }

    /** Stretches levels so that the last one is {@code terminal}. */
    public static double[] stretch(double[] sigmas, double terminal) {
        double factor = (1 - sigmas[sigmas.length - 1]) / (1 - terminal);
        return Arrays.stream(sigmas).map(sigma -> 1 - (1 - sigma) / factor).toArray();
    }

    /** The same in f32, in which the reference stretches levels that are given. */
    public static double[] stretchSingle(double[] sigmas, double terminal) {
        float factor = (1f - (float) sigmas[sigmas.length - 1]) / (float) (1 - terminal);
        return Arrays.stream(sigmas)
                .map(sigma -> 1f - (1f - (float) sigma) / factor)
                .toArray();
    }

    /** {@code count} evenly spaced numbers from {@code from} to {@code to}, both included. */
    public static double[] spaced(double from, double to, int count) {
        double[] numbers = new double[count];
        Arrays.setAll(numbers, i -> between(from, to, i, count));
        return numbers;
    }

    /** One of {@code count} evenly spaced numbers. */
    public static double between(double from, double to, int index, int count) {
        double gap = count == 1 ? 0 : (to - from) / (count - 1);
        return index == count - 1 && index > 0 ? to : from + index * gap;
    }
}
