package io.lowpass.diffusion.schedulers.noise;

/**
 * Rescales cumulative alphas to zero terminal SNR: their square roots are stretched so that the first stays and the last is
 * zero (Lin et al., 2024, Algorithm 1).
 */
public final class ZeroTerminalSnr {

    private ZeroTerminalSnr() {}

    public static double[] of(double[] signal) {
        double first = Math.sqrt(signal[0]);
        double last = Math.sqrt(signal[signal.length - 1]);
        double factor = first / (first - last);
        double[] stretched = new double[signal.length];
        for (int time = 0; time < signal.length; time++) {
            double root = (Math.sqrt(signal[time]) - last) * factor;
            stretched[time] = root * root;
        }
        return stretched;
    }

    /** The same with every result rounded to f32. */
    public static float[] of(float[] signal) {
        float[] roots = TorchSquareRoots.of(signal);
        float last = roots[roots.length - 1];
        float factor = roots[0] / (roots[0] - last);
        float[] stretched = new float[signal.length];
        for (int time = 0; time < signal.length; time++) {
            float root = (roots[time] - last) * factor;
            stretched[time] = root * root;
        }
        return stretched;
    }
}
