package io.lowpass.contracts.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** An image file that was checked. */
interface StoredImage {

    /** Width times height. */
    long pixels();

    /**
     * Decodes its values.
     *
     * @param every 1 for all rows and columns, 2 for every second, ...
     * @throws IllegalArgumentException if it cannot be decoded
     */
    RgbImage decode(int every);

    /** The settings for Java's reader to decode only some rows and columns. */
    static ImageReadParam sampled(ImageReader reader, int every) {
        ImageReadParam settings = reader.getDefaultReadParam();
        settings.setSourceSubsampling(every, every, 0, 0);
        return settings;
    }

    /** A use of Java's image reader. */
    @FunctionalInterface
    interface Use<T> {

        /** Reads from the reader. */
        T of(ImageReader reader) throws IOException;
    }

    /** Opens Java's image reader for a format. */
    static <T> T read(String format, byte[] file, Use<T> use) {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            return use.of(reader);
        } catch (IOException | IndexOutOfBoundsException | IllegalStateException e) {
            throw new IllegalArgumentException("image is no readable " + format + ": " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }
}
