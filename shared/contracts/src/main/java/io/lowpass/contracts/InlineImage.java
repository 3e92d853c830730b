package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.lowpass.contracts.image.ImageFormat;
import io.lowpass.contracts.image.RgbImage;
import io.lowpass.fields.Rule;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image in a request: {@code data:image/png;base64,...} or {@code data:image/jpeg;base64,...}. Its dimensions are
 * checked before it is decoded, so that a small file cannot expand to a huge image.
 *
 * @param uri the image as it was sent
 */
public record InlineImage(@JsonValue String uri) {

    /** Most characters of an image: with the rest of its job it fits into one record. */
    public static final int MAX_LENGTH = Rule.Image.MAX_LENGTH;

    /** The longest side in pixels. */
    public static final int MAX_SIDE = 8192;

    /** The most pixels in total. */
    public static final int MAX_PIXELS = 16 << 20;

    /** The limits above. */
    public static final RgbImage.Limits LIMITS = new RgbImage.Limits(MAX_SIDE, MAX_PIXELS);

    /** Describes what is allowed. */
    public static final String FORM = "data:image/png;base64,... or data:image/jpeg;base64,... of at most " + MAX_LENGTH
            + " characters, sides of at most " + MAX_SIDE + " pixels and " + MAX_PIXELS + " pixels in all";

    private static final Pattern URI = Pattern.compile("data:image/(png|jpeg);base64,([A-Za-z0-9+/]++={0,2})");

    /** Any image type, with enough of the data to recognise the real format. */
    private static final Pattern OTHER =
            Pattern.compile("data:image/([a-zA-Z0-9.+-]{1,40});base64,((?:[A-Za-z0-9+/]{4}){1,22})");

    private static final int SHOWN = 40;

    /** An image from a record; it was checked with its request. */
    @JsonCreator
    public InlineImage {}

    /**
     * Checks an image of a request: its form, its completeness and its dimensions. The pixels are not decoded.
     *
     * @throws IllegalArgumentException with the reason if it is invalid or too large
     */
    public static InlineImage of(String uri) {
        InlineImage image = new InlineImage(uri);
        RgbImage.check(image.file(), LIMITS);
        return image;
    }

    /**
     * Decodes the stored pixel values.
     *
     * @throws IllegalArgumentException if it is invalid, too large, or cannot be decoded
     */
    public RgbImage decode() {
        return RgbImage.decode(file(), LIMITS);
    }

    private byte[] file() {
        Matcher form = uri.length() <= MAX_LENGTH ? URI.matcher(uri) : URI.matcher("");
        if (!form.matches()) {
            Matcher other = OTHER.matcher(uri);
            if (uri.length() <= MAX_LENGTH && other.lookingAt()) {
                requireDeclared(other.group(1), Base64.getDecoder().decode(other.group(2)));
            }
            throw new IllegalArgumentException("image is " + this + ", allowed is " + FORM);
        }
        byte[] file = Base64.getDecoder().decode(form.group(2));
        requireDeclared(form.group(1), file);
        return file;
    }

    private static void requireDeclared(String type, byte[] head) {
        String format = ImageFormat.of(head);
        if (!List.of(ImageFormat.PNG, ImageFormat.JPEG).contains(format)) {
            throw new IllegalArgumentException("image is not a PNG or JPEG: it is " + format);
        }
        if (!format.equalsIgnoreCase(type)) {
            throw new IllegalArgumentException("image is declared as image/" + type + ", but it is " + format
                    + ": write data:image/" + format.toLowerCase(Locale.ROOT) + ";base64,...");
        }
    }

    @Override
    public String toString() {
        return uri.length() > SHOWN ? uri.substring(0, SHOWN) + "... (" + uri.length() + " characters)" : uri;
    }
}
