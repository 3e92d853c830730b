package io.lowpass.contracts.image;

/** Converts JPEG colours in place, with the rounding of libjpeg (luma and chroma) and of PIL (inks). */
final class JpegColours {

    private static final int WHITE = 255;
    private static final int CENTRE = 128;

    /** One in 16.16 fixed point, in which libjpeg computes. */
    private static final int BITS = 16;

    private static final int HALF = 1 << (BITS - 1);
    private static final int CR_RED = 91_881;
    private static final int CB_GREEN = 22_554;
    private static final int CR_GREEN = 46_802;
    private static final int CB_BLUE = 116_130;

    private JpegColours() {}

    /** Three samples, from luma and chroma to red, green and blue. */
    static void fromLuma(int[] samples, int at) {
        int luma = samples[at];
        int blue = samples[at + 1] - CENTRE;
        int red = samples[at + 2] - CENTRE;
        samples[at] = clipped(luma + ((CR_RED * red + HALF) >> BITS));
        samples[at + 1] = clipped(luma + ((HALF - CB_GREEN * blue - CR_GREEN * red) >> BITS));
        samples[at + 2] = clipped(luma + ((CB_BLUE * blue + HALF) >> BITS));
    }

    /**
     * Four samples, from inverted inks to red, green and blue.
     *
     * @param complements whether the first three were luma and chroma, which make complements of the stored inks
     */
    static void fromInks(int[] samples, int at, boolean complements) {
        int light = samples[at + 3];
        for (int i = at; i < at + 3; i++) {
            int ink = complements ? samples[i] : WHITE - samples[i];
            samples[i] = clipped(light - product(ink, light));
        }
    }

    /** A product of shares of 255, rounded. */
    private static int product(int one, int other) {
        int product = one * other + CENTRE;
        return ((product >> 8) + product) >> 8;
    }

    private static int clipped(int level) {
        return Math.min(Math.max(level, 0), WHITE);
    }
}
