package io.lowpass.cli;

import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.image.ImageFormat;
import io.lowpass.contracts.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Converts an image file to the form of a request; scales it down if it is too large. */
public final class ImageFile {

    /** The largest file that is read, in bytes. */
    private static final int LONGEST = 100 << 20;

    /** The largest image that is decoded: the photos of any camera. */
    private static final RgbImage.Limits LARGEST = new RgbImage.Limits(65_535, 1 << 27);

    /** The most pixels held in memory. */
    private static final int HELD = 1 << 24;

    /** The longer side of a scaled-down image at most, in pixels; no model makes wider videos. */
    private static final double SIDE = 2048;

    private static final double STEP = 0.85;
    private static final float QUALITY = 0.95f;

    private ImageFile() {}

    /**
     * {@code data:image/png;base64,...} or {@code data:image/jpeg;base64,...} of a file: the file itself, or a smaller
     * JPEG if it exceeds the limit of a request.
     *
     * @param notice receives a message if the image was scaled down
     * @throws IllegalArgumentException if it is not a PNG or JPEG, is incomplete, or is larger than any photo
     * @throws UncheckedIOException if the file cannot be read
     */
    public static String uri(Path file, Consumer<String> notice) {
        byte[] bytes = bytes(file);
        try {
            RgbImage.check(bytes, LARGEST);
            String own = uri(ImageFormat.of(bytes).toLowerCase(Locale.ROOT), bytes);
            return fits(own, bytes) ? own : smaller(file, bytes, notice);
        } catch (IllegalArgumentException e) {
            String problem = String.valueOf(e.getMessage());
            throw new IllegalArgumentException("image " + file + problem.substring("image".length()), e);
        }
    }

    private static byte[] bytes(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("image " + file + " is no file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IllegalArgumentException("image " + file + " has more than " + LONGEST + " bytes, the limit");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("image " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean fits(String uri, byte[] bytes) {
        if (uri.length() > InlineImage.MAX_LENGTH) {
            return false;
        }
        try {
            RgbImage.check(bytes, InlineImage.LIMITS);
            return true;
        } catch (IllegalArgumentException tooLarge) {
            return false;
        }
    }

    private static String smaller(Path file, byte[] bytes, Consumer<String> notice) {
        RgbImage whole = RgbImage.decode(bytes, LARGEST, HELD);
        double scale = Math.min(1, SIDE / Math.max(whole.width(), whole.height()));
        while (true) {
            BufferedImage scaled = scaled(whole, scale);
            String uri = uri("jpeg", jpeg(scaled));
            if (uri.length() <= InlineImage.MAX_LENGTH) {
                notice.accept("image " + file + " of " + bytes.length
                        + " bytes is more than a request may hold: sent as a JPEG" + " of " + scaled.getWidth() + "x"
                        + scaled.getHeight());
                return uri;
            }
            scale *= STEP;
        }
    }

    /** Scales by averaging pixels. */
    private static BufferedImage scaled(RgbImage whole, double scale) {
        int width = Math.max(1, (int) Math.round(whole.width() * scale));
        int height = Math.max(1, (int) Math.round(whole.height() * scale));
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            int top = (int) ((long) y * whole.height() / height);
            int bottom = (int) (((y + 1L) * whole.height() + height - 1) / height);
            for (int x = 0; x < width; x++) {
                int left = (int) ((long) x * whole.width() / width);
                int right = (int) (((x + 1L) * whole.width() + width - 1) / width);
                scaled.setRGB(x, y, mean(whole, left, top, right, bottom));
            }
        }
        return scaled;
    }

    private static int mean(RgbImage whole, int left, int top, int right, int bottom) {
        int count = (right - left) * (bottom - top);
        int mean = 0;
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            long sum = 0;
            for (int y = top; y < bottom; y++) {
                for (int x = left; x < right; x++) {
                    sum += Byte.toUnsignedInt(whole.rgb()[RgbImage.CHANNELS * (y * whole.width() + x) + channel]);
                }
            }
            mean = mean << Byte.SIZE | (int) ((sum + count / 2) / count);
        }
        return mean;
    }

    private static byte[] jpeg(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam settings = writer.getDefaultWriteParam();
            settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            settings.setCompressionQuality(QUALITY);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("an image cannot be scaled down: " + e.getMessage(), e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static String uri(String type, byte[] bytes) {
        return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }
}
