package io.lowpass.testing.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Mutations of a valid input. JSON is mutated as a tree, so that most results are still JSON and get past the parser;
 * all inputs are also mutated as bytes.
 */
final class Mutations {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEEP = 300;
    private static final int LONG = 70_000;
    private static final int MOST_TREE_CHANGES = 3;
    private static final int MOST_BYTE_CHANGES = 4;
    private static final int LONGEST_RUN = 64;

    /** Values that readers forget. */
    private static final List<String> STRANGE = List.of(
            "null",
            "true",
            "0",
            "-1",
            "0.5",
            "-0.0",
            "2147483648",
            "-9223372036854775808",
            "9223372036854775807",
            "18446744073709551616",
            "1e308",
            "1e-320",
            "1" + "0".repeat(400),
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u202e\\r\\n\"",
            "\"../../x\"",
            "\"NaN\"",
            "\"1\"",
            "[]",
            "{}",
            "[null]",
            "{\"\":null}",
            "\"" + "a".repeat(LONG) + "\"",
            "[".repeat(DEEP) + "]".repeat(DEEP));

    /** What only a parser sees. */
    private static final List<String> STRANGE_TEXTS = List.of(
            "NaN",
            "1e999",
            "01",
            "\\u",
            "\"",
            "{",
            "}",
            "/*",
            "\u0000",
            "\ufeff",
            "[".repeat(100_000),
            "{\"a\":".repeat(50_000));

    private static final byte[] STRANGE_BYTES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, ' ', '"', '/', '.', '-', '9'};

    private final RandomGenerator random;
    private final List<byte[]> good;

    Mutations(List<byte[]> good, RandomGenerator random) {
        this.good = good;
        this.random = random;
    }

    /** One of the good inputs, changed. */
    byte[] next() {
        byte[] input = any(good);
        try {
            JsonNode tree = JSON.readTree(input);
            if (tree.isContainerNode() && random.nextInt(4) > 0) {
                byte[] changed = changed(tree);
                return random.nextInt(4) > 0 ? changed : changed(changed);
            }
        } catch (IOException e) {
            // No JSON: its bytes are what there is.
            return changed(input);
        }
        return changed(input);
    }

    /** JSON with some of its values, names or items changed. */
    private byte[] changed(JsonNode tree) {
        for (int i = random.nextInt(MOST_TREE_CHANGES); i >= 0; i--) {
            List<ContainerNode<?>> containers = new ArrayList<>();
            collect(tree, containers);
            ContainerNode<?> container = containers.get(random.nextInt(containers.size()));
            if (container instanceof ObjectNode object) {
                change(object);
            } else if (container instanceof ArrayNode array) {
                change(array);
            }
        }
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container) {
            containers.add(container);
            container.forEach(child -> collect(child, containers));
        }
    }

    private void change(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        String name = names.isEmpty() ? "new" : names.get(random.nextInt(names.size()));
        JsonNode value = object.path(name);
        switch (random.nextInt(5)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name + (char) random.nextInt(0x300), value.deepCopy());
            case 2 -> object.putArray(name).add(value.deepCopy());
            default -> object.set(name, strange());
        }
    }

    private void change(ArrayNode array) {
        int place = array.isEmpty() ? 0 : random.nextInt(array.size());
        switch (random.nextInt(4)) {
            case 0 -> array.remove(place);
            case 1 -> array.insert(place, array.path(place).deepCopy());
            case 2 -> array.insert(place, strange());
            default -> {
                array.remove(place);
                array.insert(place, strange());
            }
        }
    }

    private JsonNode strange() {
        try {
            return JSON.readTree(STRANGE.get(random.nextInt(STRANGE.size())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The bytes with some of them changed, left out, repeated, put in, or with the rest of another input. */
    private byte[] changed(byte[] input) {
        byte[] result = input;
        for (int i = random.nextInt(MOST_BYTE_CHANGES); i >= 0; i--) {
            int at = random.nextInt(result.length + 1);
            int end = Math.min(result.length, at + 1 + random.nextInt(LONGEST_RUN));
            result = switch (random.nextInt(8)) {
                case 0 -> Arrays.copyOf(result, at);
                case 1 -> join(result, at, new byte[0], end);
                case 2 -> join(result, at, Arrays.copyOfRange(result, at, end), at);
                case 3 ->
                    join(
                            result,
                            at,
                            STRANGE_TEXTS
                                    .get(random.nextInt(STRANGE_TEXTS.size()))
                                    .getBytes(StandardCharsets.UTF_8),
                            at);
                case 4 -> rest(result, at);
                case 5 -> join(result, at, number(), Math.min(result.length, at + Long.BYTES));
                default -> withByte(result, at);
            };
        }
        return result;
    }

    /** A length or an offset as files have them: near a power of two, in either order of bytes. */
    private byte[] number() {
        long value = (1L << random.nextInt(Long.SIZE)) - random.nextInt(3);
        value = random.nextBoolean() ? value : Long.reverseBytes(value);
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private byte[] rest(byte[] input, int at) {
        byte[] other = any(good);
        return join(input, at, Arrays.copyOfRange(other, Math.min(at, other.length), other.length), input.length);
    }

    private byte[] withByte(byte[] input, int at) {
        if (at == input.length) {
            return join(input, at, new byte[] {(byte) random.nextInt()}, at);
        }
        byte[] copy = input.clone();
        copy[at] = random.nextBoolean()
                ? (byte) (copy[at] ^ (1 << random.nextInt(Byte.SIZE)))
                : STRANGE_BYTES[random.nextInt(STRANGE_BYTES.length)];
        return copy;
    }

    private static byte[] join(byte[] input, int start, byte[] middle, int end) {
        byte[] result = Arrays.copyOf(input, start + middle.length + input.length - end);
        System.arraycopy(middle, 0, result, start, middle.length);
        System.arraycopy(input, end, result, start + middle.length, input.length - end);
        return result;
    }

    private byte[] any(List<byte[]> some) {
        return some.get(random.nextInt(some.size()));
    }
}
