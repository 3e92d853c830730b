package io.lowpass.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.tensor.SafetensorsHeader.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Identifies models: SHA-256 of a component's configuration and of every tensor's name, type, shape and a sample of its
 * bytes. Reads a few KiB of each tensor, so a model of tens of gigabytes takes about a second. The distribution of
 * tensors over files does not matter, nor do settings that only name the origin of the model.
 */
public final class Fingerprint {

    private static final int SAMPLE = 4096;
    private static final int LONGEST_SETTINGS = 1 << 20;

    private Fingerprint() {}

    /**
     * The fingerprint of components, in their order.
     *
     * @param folders component folders as {@link Safetensors#open} takes them
     * @return {@code sha256:} and 64 hexadecimal digits
     * @throws IllegalArgumentException if there are no weights, or files are malformed
     */
    public static String of(List<Path> folders) {
        MessageDigest digest = sha256();
        for (Path folder : folders) {
            settings(folder, digest);
            tensors(folder, digest);
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private static void settings(Path folder, MessageDigest digest) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            JsonNode config = new ObjectMapper().readTree(ModelFile.text(file, LONGEST_SETTINGS));
            TreeMap<String, String> fields = new TreeMap<>();
            config.properties().stream()
                    .filter(field -> !field.getKey().startsWith("_"))
                    .forEach(
                            field -> fields.put(field.getKey(), field.getValue().toString()));
            digest.update(fields.toString().getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void tensors(Path folder, MessageDigest digest) {
        TreeMap<String, byte[]> sums = new TreeMap<>();
        for (Path file : WeightFiles.of(folder)) {
            SafetensorsHeader header = SafetensorsHeader.read(file);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                for (Entry entry : header.entries().values()) {
                    sums.put(entry.name(), sum(channel, file, entry));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        sums.values().forEach(digest::update);
    }

    /** The digest of one tensor: its name, and bytes from its middle, where padding and zeroed borders are rare. */
    private static byte[] sum(FileChannel channel, Path file, Entry entry) throws IOException {
        MessageDigest digest = sha256();
        digest.update((entry.name() + " " + entry.type() + " " + entry.shape()).getBytes(StandardCharsets.UTF_8));
        long length = entry.end() - entry.begin();
        int sample = (int) Math.min(SAMPLE, length);
        long from = entry.begin() + (length - sample) / 2;
        digest.update(SafetensorsHeader.bytes(channel, from, sample, file));
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
