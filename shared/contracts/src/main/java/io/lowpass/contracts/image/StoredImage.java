package io.lowpass.contracts.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** A file that was found to be whole. */
interface StoredImage {

    /** Width times height. */
    long pixels();

    /**
     * Its levels.
     *
     * @param every 1 for all rows and columns, 2 for every second, ...
     * @throws IllegalArgumentException if it cannot be decoded
     */
    RgbImage decode(int every);

    /** What has Java's own reader read only some rows and columns. */
    static ImageReadParam sampled(ImageReader reader, int every) {
        ImageReadParam settings = reader.getDefaultReadParam();
        settings.setSourceSubsampling(every, every, 0, 0);
        return settings;
    }

    /** What is read with Java's own reader of a format. */
    @FunctionalInterface
    interface Use<T> {

        /** Reads what is wanted. */
        T of(ImageReader reader) throws IOException;
    }

    /** Reads a file with Java's own reader of a format. */
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
