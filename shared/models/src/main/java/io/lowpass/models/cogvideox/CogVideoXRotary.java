package io.lowpass.models.cogvideox;

import io.lowpass.models.TokenGrid;

/**
 * Where the tokens of a grid lie on the axes of rotary positions (Su et al., 2021): a quarter of a head's width is for
 * time, the rest for height and width alike.
 *
 * <p>Version 1.0 lays a grid of any size over the one that the model was trained on: scaled to fit, its ratio kept, and
 * centred. Version 1.5 counts patches. Time is always counted.
 *
 * @param frames along time
 * @param height along height
 * @param width along width
 */
record CogVideoXRotary(Axis frames, Axis height, Axis width) {

    /**
     * Evenly spaced positions.
     *
     * @param first of the first token
     * @param last of the last token
     * @param count number of tokens
     * @param share of the head's width
     */
    record Axis(double first, double last, long count, long share) {

        /** From {@code start}, {@code count} positions of equal distance before {@code stop}. */
        static Axis between(long start, long stop, long count, long share) {
            return new Axis(start, stop * (count - 1.0) / count, count, share);
        }
    }

    static CogVideoXRotary of(CogVideoXConfig config, TokenGrid grid) {
        long time = config.blocks().headWidth() / 4;
        long space = config.blocks().headWidth() / 8 * 3L;
        Axis frames = Axis.between(0, grid.frames(), grid.frames(), time);
        if (config.token().temporal()) {
            return new CogVideoXRotary(
                    frames,
                    Axis.between(0, grid.height(), grid.height(), space),
                    Axis.between(0, grid.width(), grid.width(), space));
        }
        long height = config.sample().height() / config.token().side();
        long width = config.sample().width() / config.token().side();
        double ratio = (double) grid.height() / grid.width();
        boolean tall = ratio > (double) height / width;
        long scaledHeight = tall ? height : rounded((double) width / grid.width() * grid.height());
        long scaledWidth = tall ? rounded((double) height / grid.height() * grid.width()) : width;
        long top = rounded((height - scaledHeight) / 2.0);
        long left = rounded((width - scaledWidth) / 2.0);
        return new CogVideoXRotary(
                frames,
                Axis.between(top, top + scaledHeight, grid.height(), space),
                Axis.between(left, left + scaledWidth, grid.width(), space));
    }

    /** Halves go to the even number, as in the reference. */
    private static long rounded(double value) {
        return (long) Math.rint(value);
    }
}
