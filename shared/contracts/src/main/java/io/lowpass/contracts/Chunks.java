package io.lowpass.contracts;

import io.lowpass.fields.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Chunks as Kafka records: the payload is the record's value, the job id is its key, and everything else is a header in
 * plain text ({@code kind attempt index count part parts shape dtype crc32c}, attributes as {@code attr.NAME}).
 */
public final class Chunks {

    private static final String ATTRIBUTE = "attr.";

    /** Header that names the run of the sender. */
    public static final String RUN_HEADER = ATTRIBUTE + Chunk.RUN;

    private static final String CRC = "crc32c";
    private static final String SHAPE = "shape";
    private static final Pattern SIDES = Pattern.compile("([1-9][0-9]{0,6}(,[1-9][0-9]{0,6}){0,7})?");
    private static final int SHOWN = 80;

    private Chunks() {}

    /**
     * Splits the bytes of a latent frame or fragment into chunks of one record each.
     *
     * @param whole the chunk without part, parts, crc and payload; only the first chunk gets its attributes
     * @param bytes from position to limit; not copied
     */
    public static List<Chunk> split(Chunk whole, ByteBuffer bytes) {
        int length = bytes.remaining();
        int parts = Math.max(1, (length + Chunk.MAX_PAYLOAD - 1) / Chunk.MAX_PAYLOAD);
        List<Chunk> chunks = new ArrayList<>(parts);
        for (int part = 0; part < parts; part++) {
            int start = part * Chunk.MAX_PAYLOAD;
            ByteBuffer piece = bytes.slice(bytes.position() + start, Math.min(Chunk.MAX_PAYLOAD, length - start));
            chunks.add(new Chunk(
                    whole.kind(),
                    whole.jobId(),
                    whole.attempt(),
                    whole.index(),
                    whole.count(),
                    part,
                    parts,
                    whole.shape(),
                    whole.dtype(),
                    Chunk.crcOf(piece),
                    part == 0 ? whole.attributes() : Map.of(),
                    piece));
        }
        return chunks;
    }

    /** The record that carries the chunk on the topic. */
    public static ProducerRecord<String, byte[]> record(String topic, Chunk chunk) {
        byte[] value = new byte[chunk.payload().remaining()];
        chunk.payload().get(value);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, chunk.jobId(), value);
        put(record.headers(), "kind", chunk.kind().toString());
        put(record.headers(), "attempt", Integer.toString(chunk.attempt()));
        put(record.headers(), "index", Integer.toString(chunk.index()));
        put(record.headers(), "count", Integer.toString(chunk.count()));
        put(record.headers(), "part", Integer.toString(chunk.part()));
        put(record.headers(), "parts", Integer.toString(chunk.parts()));
        put(record.headers(), SHAPE, chunk.shape().stream().map(String::valueOf).collect(Collectors.joining(",")));
        put(record.headers(), "dtype", chunk.dtype());
        put(record.headers(), CRC, "%08x".formatted(Chunk.crcOf(chunk.payload())));
        new TreeMap<>(chunk.attributes()).forEach((name, text) -> put(record.headers(), ATTRIBUTE + name, text));
        return record;
    }

    /**
     * Reads the chunk of a record. {@link Records#chunk} does the same without throwing.
     *
     * @throws MalformedRecordException if a header is missing or invalid, or the checksum does not match
     */
    public static Chunk read(ConsumerRecord<String, byte[]> record) {
        return Records.chunk(record).orElseThrow();
    }

    /** As {@link #read}, but throws an {@link IllegalArgumentException} with the reason. */
    static Chunk parse(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw new IllegalArgumentException("it has no value, which would be the bytes of a chunk");
        }
        String jobId = Records.key(record)
                .orElseThrow(() -> new IllegalArgumentException("it has no key, which would name the job"));
        ByteBuffer payload = ByteBuffer.wrap(record.value());
        long crc = Chunk.crcOf(payload);
        if (crc != number(record, CRC, 16)) {
            throw new IllegalArgumentException("its %d bytes have CRC-32C %08x, and header crc32c says %s"
                    .formatted(record.value().length, crc, text(record, CRC)));
        }
        return new Chunk(
                kind(record),
                jobId,
                number(record, "attempt", 1, Integer.MAX_VALUE),
                number(record, "index", 0, Integer.MAX_VALUE),
                number(record, "count", -1, Integer.MAX_VALUE),
                number(record, "part", 0, Integer.MAX_VALUE),
                number(record, "parts", 1, Integer.MAX_VALUE),
                shape(record),
                text(record, "dtype"),
                crc,
                attributes(record),
                payload);
    }

    private static ChunkKind kind(ConsumerRecord<String, byte[]> record) {
        String said = text(record, "kind");
        return Arrays.stream(ChunkKind.values())
                .filter(kind -> kind.toString().equals(said))
                .findFirst()
                .orElseThrow(() -> nonsense("kind", said));
    }

    private static List<Long> shape(ConsumerRecord<String, byte[]> record) {
        String said = text(record, SHAPE);
        if (!SIDES.matcher(said).matches()) {
            throw nonsense(SHAPE, said);
        }
        return said.isEmpty()
                ? List.of()
                : Arrays.stream(said.split(",")).map(Long::valueOf).toList();
    }

    private static Map<String, String> attributes(ConsumerRecord<String, byte[]> record) {
        Map<String, String> attributes = new TreeMap<>();
        for (Header header : record.headers()) {
            if (header.key().startsWith(ATTRIBUTE)) {
                attributes.put(header.key().substring(ATTRIBUTE.length()), text(record, header.key()));
            }
        }
        return attributes;
    }

    private static void put(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ConsumerRecord<String, byte[]> record, String name) {
        return Envelope.header(record, name)
                .orElseThrow(() -> new IllegalArgumentException("it has no header '" + name + "' with a value"));
    }

    private static int number(ConsumerRecord<String, byte[]> record, String name, int min, int max) {
        long number = number(record, name, 10);
        if (number < min || number > max) {
            throw nonsense(name, Long.toString(number));
        }
        return (int) number;
    }

    private static long number(ConsumerRecord<String, byte[]> record, String name, int radix) {
        String said = text(record, name);
        try {
            return Long.parseLong(said, radix);
        } catch (NumberFormatException e) {
            throw nonsense(name, said);
        }
    }

    private static IllegalArgumentException nonsense(String name, String said) {
        return new IllegalArgumentException(
                "its headers make no sense: " + name + " is \"" + Texts.shorten(said, SHOWN) + "\"");
    }
}
