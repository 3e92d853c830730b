package io.lowpass.models.vision;

import java.util.function.IntBinaryOperator;

/**
 * Resampling with a windowed sinc of radius 3, widened where the image gets smaller; first along the rows, then along
 * the columns, each rounded to levels, with weights of 22 bits, as the imaging library of the reference does it. (From
 * version 13 on it goes along the columns first for some sizes, which moves a level here and there by one or two.)
 */
final class Lanczos {

    private static final int RADIUS = 3;
    private static final int BITS = 22;
    private static final int HIGHEST = 255;

    private Lanczos() {}

    /** Weights of the cells from {@code first} on. */
    private static final class Window {

        private final int first;
        private final int[] weights;

        Window(int first, int[] weights) {
            this.first = first;
            this.weights = weights;
        }
    }

    static Picture resized(Picture picture, int width, int height) {
        byte[] wide = picture.rgb();
        if (width != picture.width()) {
            int from = picture.width();
            IntBinaryOperator across = (line, cell) -> line * from + cell;
            wide = resampled(wide, windows(from, width), picture.height(), across, (line, cell) -> line * width + cell);
        }
        if (height != picture.height()) {
            IntBinaryOperator downwards = (line, cell) -> cell * width + line;
            wide = resampled(wide, windows(picture.height(), height), width, downwards, downwards);
        }
        return new Picture(width, height, wide);
    }

    /**
     * Resamples lines.
     *
     * @param lines number of lines
     * @param from position of a cell of a line in the source
     * @param to position of a cell of a line in the result
     */
    private static byte[] resampled(
            byte[] source, Window[] windows, int lines, IntBinaryOperator from, IntBinaryOperator to) {
        byte[] result = new byte[lines * windows.length * Picture.CHANNELS];
        for (int line = 0; line < lines; line++) {
            for (int cell = 0; cell < windows.length; cell++) {
                int target = to.applyAsInt(line, cell) * Picture.CHANNELS;
                for (int channel = 0; channel < Picture.CHANNELS; channel++) {
                    result[target + channel] = level(source, windows[cell], line, channel, from);
                }
            }
        }
        return result;
    }

    private static byte level(byte[] source, Window window, int line, int channel, IntBinaryOperator from) {
        int sum = 1 << (BITS - 1);
        for (int i = 0; i < window.weights.length; i++) {
            int position = from.applyAsInt(line, window.first + i) * Picture.CHANNELS + channel;
            sum += Byte.toUnsignedInt(source[position]) * window.weights[i];
        }
        return (byte) Math.max(0, Math.min(HIGHEST, sum >> BITS));
    }

    private static Window[] windows(int from, int to) {
        double scale = (double) from / to;
        double stretch = Math.max(scale, 1);
        Window[] windows = new Window[to];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int first = Math.max((int) (centre - RADIUS * stretch + 0.5), 0);
            int end = Math.min((int) (centre + RADIUS * stretch + 0.5), from);
            double[] weights = new double[end - first];
            double sum = 0;
            for (int j = 0; j < weights.length; j++) {
                weights[j] = kernel((first + j - centre + 0.5) / stretch);
                sum += weights[j];
            }
            windows[i] = new Window(first, fixed(weights, sum));
        }
        return windows;
    }

    private static int[] fixed(double[] weights, double sum) {
        int[] fixed = new int[weights.length];
        for (int i = 0; i < fixed.length; i++) {
            double scaled = weights[i] * (1 / sum) * (1 << BITS);
            fixed[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        }
        return fixed;
    }

    private static double kernel(double x) {
        return x >= -RADIUS && x < RADIUS ? sinc(x) * sinc(x / RADIUS) : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
