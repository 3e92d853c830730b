package io.lowpass.contracts.image;

/**
 * An image in memory.
 *
 * @param width width in pixels
 * @param height height in pixels
 * @param rgb values row by row, three per pixel; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // images are never compared, and large
public record RgbImage(int width, int height, byte[] rgb) {

    /** The values of a pixel. */
    public static final int CHANNELS = 3;

    /**
     * Limits on images.
     *
     * @param side longer side in pixels
     * @param pixels number of pixels
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
     * Checks that a file is a complete PNG or JPEG within limits, without decoding it, and with little memory whatever
     * its header claims.
     *
     * @throws IllegalArgumentException if not, with what it is
     */
    public static void check(byte[] file, Limits limits) {
        open(file, limits);
    }

    /**
     * Decodes a file to its stored values: those of PIL's {@code convert("RGB")}, and the upper 8 bits of 16. Profiles,
     * gamma and orientation are not applied; transparency is dropped.
     *
     * @throws IllegalArgumentException as {@link #check}, or if it cannot be decoded
     */
    public static RgbImage decode(byte[] file, Limits limits) {
        return open(file, limits).decode(1);
    }

    /**
     * The same for an image that may be too large for memory: only every second, third, ... row and column is decoded,
     * to stay within a number of pixels.
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
