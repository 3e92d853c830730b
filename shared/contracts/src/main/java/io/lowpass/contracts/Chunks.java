package io.lowpass.contracts;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Chunks on Kafka: the payload is the record's value as it is, the job id its key, and everything else is a header in
 * readable text ({@code kind attempt index count part parts shape dtype crc32c}, attributes as {@code attr.NAME}).
 */
public final class Chunks {

    private static final String ATTRIBUTE = "attr.";
    private static final String CRC = "crc32c";
    private static final String SHAPE = "shape";

    private Chunks() {}

    /**
     * Splits the bytes of a whole latent frame or fragment into chunks that fit a record each.
     *
     * @param whole says everything but part, parts, crc and payload; its attributes go with the first part alone
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
     * The chunk that the record carries.
     *
     * @throws MalformedRecordException if a header is missing or makes no sense, or the bytes do not have the checksum
     *     that their sender noted
     */
    public static Chunk read(ConsumerRecord<String, byte[]> record) {
        Headers headers = record.headers();
        ByteBuffer payload = ByteBuffer.wrap(record.value());
        long crc = Chunk.crcOf(payload);
        try {
            if (crc != Long.parseLong(text(record, CRC), 16)) {
                throw new MalformedRecordException(
                        record,
                        "its %d bytes have CRC-32C %08x, not %s"
                                .formatted(record.value().length, crc, text(record, CRC)));
            }
            return new Chunk(
                    Chunk.Kind.valueOf(text(record, "kind").toUpperCase(Locale.ROOT)),
                    record.key(),
                    Integer.parseInt(text(record, "attempt")),
                    Integer.parseInt(text(record, "index")),
                    Integer.parseInt(text(record, "count")),
                    Integer.parseInt(text(record, "part")),
                    Integer.parseInt(text(record, "parts")),
                    Arrays.stream(text(record, SHAPE).split(","))
                            .filter(length -> !length.isEmpty())
                            .map(Long::valueOf)
                            .toList(),
                    text(record, "dtype"),
                    crc,
                    attributes(headers),
                    payload);
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(record, "its headers make no sense: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> attributes(Headers headers) {
        Map<String, String> attributes = new TreeMap<>();
        for (Header header : headers) {
            if (header.key().startsWith(ATTRIBUTE)) {
                attributes.put(
                        header.key().substring(ATTRIBUTE.length()), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return attributes;
    }

    private static void put(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        if (header == null) {
            throw new MalformedRecordException(record, "it has no header '" + name + "'");
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
