package io.lowpass.local.options;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A file as a request holds an image. */
public final class ImageFile {

    private static final int PNG = 0x89;

    private ImageFile() {}

    /**
     * {@code data:image/png;base64,...} of a file that begins as PNG does, and else of JPEG; ingestion looks closer.
     *
     * @throws UncheckedIOException if the file cannot be read
     */
    public static String uri(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String type = bytes.length > 0 && Byte.toUnsignedInt(bytes[0]) == PNG ? "png" : "jpeg";
            return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("image " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
