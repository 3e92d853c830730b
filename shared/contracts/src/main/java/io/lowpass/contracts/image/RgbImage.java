package io.lowpass.contracts.image;

/**
 * An image in memory.
 *
 * @param width pixels
 * @param height pixels
 * @param rgb levels, row by row, three a pixel; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // images are never compared, and large
public record RgbImage(int width, int height, byte[] rgb) {

    /** Levels of a pixel. */
    public static final int CHANNELS = 3;

    /**
     * The most that is decoded.
     *
     * @param side pixels of the longer side
     * @param pixels in all
     */
    public record Limits(int side, int pixels) {

        void require(long width, long height) {
            if (width < 1 || height < 1 || width > side || height > side || width * height > pixels) {
                throw new IllegalArgumentException("image is " + width + "x" + height
                        + ", allowed are sides of at most " + side + " pixels and " + pixels + " pixels in all");
            }
        }
    }

    /**
     * Makes sure that a file is a whole PNG or JPEG within limits, without decoding it: in little memory, whatever it
     * claims to be.
     *
     * @throws IllegalArgumentException if not, with what it is
     */
    public static void check(byte[] file, Limits limits) {
        open(file, limits);
    }

    /**
     * The levels of a file as they are stored: those of PIL's {@code convert("RGB")}, and of 16 bits the upper 8.
     * Profiles, gamma and an orientation are not applied, transparency is left out.
     *
     * @throws IllegalArgumentException as {@link #check}, or if it cannot be decoded
     */
    public static RgbImage decode(byte[] file, Limits limits) {
        return open(file, limits).decode(1);
    }

    /**
     * The same of an image that may be too large to be held in memory: of its rows and columns only every second, third,
     * ... is decoded, so that there are at most so many pixels.
     *
     * @throws IllegalArgumentException as {@link #decode(byte[], Limits)}
     */
    public static RgbImage decode(byte[] file, Limits limits, int pixels) {
        StoredImage image = open(file, limits);
        return image.decode((int) Math.ceil(Math.sqrt((double) image.pixels() / pixels)));
    }

    private static StoredImage open(byte[] file, Limits limits) {
        return switch (ImageFormat.of(file)) {
            case ImageFormat.PNG -> PngFile.open(file, limits);
            case ImageFormat.JPEG -> JpegFile.open(file, limits);
            default -> throw new IllegalArgumentException("image is not a PNG or JPEG: it is " + ImageFormat.of(file));
        };
    }
}
