package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * An image within a request: {@code data:image/png;base64,...} or {@code data:image/jpeg;base64,...}. Its sides are
 * looked at before anything is decoded, so that a small file cannot become a large image.
 *
 * @param uri the image as it was sent
 */
public record InlineImage(@JsonValue String uri) {

    /** Most characters of an image: with the rest of its job it fits into one record. */
    public static final int MAX_LENGTH = 600_000;

    /** Longest side, pixels. */
    public static final int MAX_SIDE = 8192;

    /** Most pixels in all. */
    public static final int MAX_PIXELS = 16 << 20;

    /** What is allowed, in words. */
    public static final String FORM = "data:image/png;base64,... or data:image/jpeg;base64,... of at most " + MAX_LENGTH
            + " characters, sides of at most " + MAX_SIDE + " pixels and " + MAX_PIXELS + " pixels in all";

    private static final Pattern URI = Pattern.compile("data:image/(png|jpeg);base64,([A-Za-z0-9+/]++={0,2})");
    private static final int SHOWN = 40;

    /** An image of a record, which was checked when its request was. */
    @JsonCreator
    public InlineImage {}

    /**
     * Checks an image of a request; its pixels are not decoded.
     *
     * @throws IllegalArgumentException if it is not of the form, or too large, with the reason
     */
    public static InlineImage of(String uri) {
        InlineImage image = new InlineImage(uri);
        image.read(InlineImage::checked);
        return image;
    }

    /** What is done with an image's reader, which has its input. */
    @FunctionalInterface
    public interface Use<T> {

        /** Reads what is wanted. */
        T of(ImageReader reader) throws IOException;
    }

    /**
     * Reads the image, after its sides were found to be allowed.
     *
     * @throws IllegalArgumentException if it is not of the form, too large, or cannot be decoded
     */
    public <T> T read(Use<T> use) {
        Matcher form = uri.length() <= MAX_LENGTH ? URI.matcher(uri) : URI.matcher("");
        if (!form.matches()) {
            throw new IllegalArgumentException("image is " + this + ", allowed is " + FORM);
        }
        byte[] bytes = Base64.getDecoder().decode(form.group(2));
        ImageReader reader = reader(form.group(1));
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            checked(reader);
            return use.of(reader);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("image is no readable " + form.group(1) + ": " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    private static ImageReader reader(String format) {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
        if (!readers.hasNext()) {
            throw new IllegalStateException("this Java runtime reads no " + format);
        }
        return readers.next();
    }

    private static boolean checked(ImageReader reader) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
            throw new IllegalArgumentException("image is " + width + "x" + height + ", allowed are sides of at most "
                    + MAX_SIDE + " pixels and " + MAX_PIXELS + " pixels in all");
        }
        return true;
    }

    @Override
    public String toString() {
        return uri.length() > SHOWN ? uri.substring(0, SHOWN) + "... (" + uri.length() + " characters)" : uri;
    }
}
