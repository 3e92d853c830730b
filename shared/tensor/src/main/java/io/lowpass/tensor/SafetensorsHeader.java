package io.lowpass.tensor;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table of contents of one safetensors file, checked against the format: every tensor has a known type, as many
 * bytes as its shape needs, and the tensors fill the file without overlap or gap.
 *
 * @param file the file
 * @param dataStart where the tensors' bytes begin
 * @param size length of the file
 * @param entries name to place
 */
record SafetensorsHeader(Path file, long dataStart, long size, Map<String, Entry> entries) {

    /**
     * The largest header in bytes, which is held in memory: a fraction of what the format allows, and many times that
     * of the largest known model.
     */
    private static final long LONGEST = 16_000_000;

    /** Dimensions of a tensor. */
    private static final int MOST_DIMENSIONS = 8;

    private static final int SHOWN = 80;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * A tensor's place in its file.
     *
     * @param begin first byte, counted from the start of the file
     * @param end byte after the last
     */
    record Entry(String name, ElementType type, Shape shape, long begin, long end) {

        boolean isAligned() {
            return begin % type.bytes() == 0;
        }
    }

    /** The type of most bytes; any type for a file without tensors. */
    ElementType mainType() {
        if (entries.isEmpty()) {
            return ElementType.U8;
        }
        Map<ElementType, Long> bytes = entries.values().stream()
                .collect(Collectors.groupingBy(
                        Entry::type,
                        () -> new EnumMap<>(ElementType.class),
                        Collectors.summingLong(entry -> entry.end() - entry.begin())));
        return Collections.max(bytes.entrySet(), Map.Entry.comparingByValue()).getKey();
    }

    /**
     * Reads and checks the header of a file.
     *
     * @throws IllegalArgumentException if the file breaks the format, with file, tensor and what is wrong
     */
    static SafetensorsHeader read(Path file) {
        ModelFile.require(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            requireSafetensors(
                    size >= 8, file, "is truncated: " + size + " bytes, the length of the header alone takes 8");
            long length =
                    bytes(channel, 0, 8, file).order(ByteOrder.LITTLE_ENDIAN).getLong();
            requireSafetensors(
                    length >= 2 && length <= LONGEST,
                    file,
                    "is no safetensors file, or a broken one: it has a header of " + length
                            + " bytes, allowed are 2 to " + LONGEST);
            requireSafetensors(
                    8 + length <= size,
                    file,
                    "is truncated: the header takes " + (8 + length) + " bytes, the file has " + size
                            + "; download it again");
            JsonNode json = parse(file, bytes(channel, 8, (int) length, file).array());
            return new SafetensorsHeader(file, 8 + length, size, entries(file, json, 8 + length, size));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<String, Entry> entries(Path file, JsonNode json, long dataStart, long size) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        json.properties().stream()
                .filter(field -> !field.getKey().equals("__metadata__"))
                .map(field -> entry(file, field.getKey(), field.getValue(), dataStart))
                .forEach(entry -> entries.put(entry.name(), entry));
        requireFilled(file, List.copyOf(entries.values()), dataStart, size);
        return entries;
    }

    private static Entry entry(Path file, String name, JsonNode json, long dataStart) {
        String place = file + ": tensor '" + name + "' ";
        JsonNode offsets = json.path("data_offsets");
        if (!json.path("dtype").isTextual()
                || !isSizes(json.path("shape"), MOST_DIMENSIONS)
                || !isSizes(offsets, 2)
                || offsets.size() != 2) {
            throw new IllegalArgumentException(place + "needs dtype, shape and data_offsets, found " + shown(json));
        }
        String dtype = json.path("dtype").asText();
        ElementType type = ElementType.named(dtype).orElseThrow(() -> unread(file, name, dtype));
        try {
            long[] shape = new long[json.path("shape").size()];
            long bytes = type.bytes();
            for (int i = 0; i < shape.length; i++) {
                shape[i] = json.path("shape").get(i).asLong();
                bytes = Math.multiplyExact(bytes, shape[i]);
            }
            long begin = Math.addExact(dataStart, offsets.get(0).asLong());
            long end = Math.addExact(dataStart, offsets.get(1).asLong());
            if (end - begin != bytes) {
                throw new IllegalArgumentException(type + " of shape " + json.path("shape") + " takes " + bytes
                        + " bytes, data_offsets " + offsets);
            }
            return new Entry(name, type, new Shape(shape), begin, end);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(place + "is malformed: " + e.getMessage(), e);
        }
    }

    private static void requireFilled(Path file, List<Entry> entries, long dataStart, long size) {
        long next = dataStart;
        List<Entry> ordered = entries.stream()
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
                .toList();
        for (Entry entry : ordered) {
            require(entry.begin() >= next, file, "tensor '" + entry.name() + "' overlaps the one before it");
            require(entry.begin() == next, file, "there is a gap before tensor '" + entry.name() + "'");
            next = entry.end();
        }
        require(next <= size, file, "is truncated: the tensors end at byte " + next + ", the file has " + size);
        require(next == size, file, "has " + (size - next) + " bytes behind the last tensor");
    }

    private static JsonNode parse(Path file, byte[] header) {
        try {
            JsonNode json = JSON.readTree(ModelFile.text(file, "has a header that is", header));
            require(json.isObject(), file, "has a header that is no JSON object");
            return json;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " has a header that is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The error for weights of an unsupported type. */
    static IllegalArgumentException unread(Path file, String name, String type) {
        return new IllegalArgumentException(file + ": weights are in " + shown(type) + " (tensor '" + name
                + "'), which Lowpass does not read yet; allowed are " + ElementType.OF_WEIGHTS);
    }

    private static String shown(Object value) {
        String text = value.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }

    private static boolean isSizes(JsonNode json, int most) {
        if (!json.isArray() || json.size() > most) {
            return false;
        }
        for (JsonNode number : json) {
            if (!number.canConvertToExactIntegral() || !number.canConvertToLong() || number.asLong() < 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads bytes of a file, all of which must exist. */
    static ByteBuffer bytes(FileChannel channel, long position, int count, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            require(channel.read(buffer, position + buffer.position()) >= 0, file, "is truncated");
        }
        return buffer.flip();
    }

    /** Names the real format of the file, if it can be recognised. */
    private static void requireSafetensors(boolean condition, Path file, String problem) {
        if (!condition) {
            String known = ModelFile.kind(file)
                    .map(kind -> "is " + kind + ", allowed is a safetensors file")
                    .orElse(problem);
            throw new IllegalArgumentException(file + " " + known);
        }
    }

    private static void require(boolean condition, Path file, String problem) {
        if (!condition) {
            throw new IllegalArgumentException(file + " " + problem);
        }
    }
}
