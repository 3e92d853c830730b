package io.lowpass.sampler;

import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.models.vision.Picture;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.util.Optional;

/** The images of a job as pixels. */
public final class Pictures {

    private static final int CHANNELS = 3;

    private Pictures() {}

    /**
     * Decodes what a job gives.
     *
     * @throws IllegalArgumentException if an image cannot be decoded
     */
    static Optional<GivenFrames> of(Job job) {
        return job.image().map(first -> decode(first, job.lastImage()));
    }

    /**
     * Decodes the images that a video starts with and, where there is a second, ends with.
     *
     * @throws IllegalArgumentException if an image cannot be decoded
     */
    public static GivenFrames decode(InlineImage first, Optional<InlineImage> last) {
        return new GivenFrames(decode(first), last.map(Pictures::decode));
    }

    private static Picture decode(InlineImage image) {
        return pixels(image.read(reader -> reader.read(0)));
    }

    /** Transparency is left out, as the reference does. */
    private static Picture pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[CHANNELS * width * height];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int level = level(image, x, y);
                for (int shift = 16; shift >= 0; shift -= 8) {
                    rgb[at++] = (byte) (level >> shift);
                }
            }
        }
        return new Picture(width, height, rgb);
    }

    /** A grey level counts as it is: Java would convert it from a linear scale. */
    private static int level(BufferedImage image, int x, int y) {
        Raster raster = image.getRaster();
        boolean grey = image.getType() == BufferedImage.TYPE_BYTE_GRAY;
        return grey ? raster.getSample(x, y, 0) * 0x010101 : image.getRGB(x, y);
    }
}
