package io.lowpass.video;

import java.nio.ByteBuffer;

/** A deterministic picture to encode: a drifting colour gradient, saturated bars on top and a moving disc. */
public final class MovingPicture {

    private static final int[][] BARS = {
        {200, 200, 60},
        {60, 200, 200},
        {60, 200, 60},
        {200, 60, 200},
        {200, 60, 60},
        {60, 60, 200},
        {230, 230, 230},
        {30, 30, 30}
    };

    private MovingPicture() {}

    /** Frame {@code time} as packed RGB. */
    public static ByteBuffer frame(int width, int height, int time) {
        ByteBuffer pixels = ByteBuffer.allocate(width * height * 3);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    pixels.put((byte) value(x, y, time, channel, width, height));
                }
            }
        }
        return pixels.flip();
    }

    private static int value(int x, int y, int time, int channel, int width, int height) {
        if (y < height / 4) {
            return BARS[x * BARS.length / width][channel];
        }
        double dx = x - width * (0.5 + 0.3 * Math.sin(time * 0.2));
        double dy = y - height * 0.6;
        if (dx * dx + dy * dy < height * height / 36.0) {
            return 60 + 70 * channel;
        }
        return (int) (127 + 100 * Math.sin((x + 2.0 * time) * 0.03 * (channel + 1) + y * 0.02));
    }
}
