package io.lowpass.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.Reading.Content;
import io.lowpass.contracts.Reading.Unreadable;
import io.lowpass.fields.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of all topics. Whatever bytes, headers and keys a record has, the result is either what its topic
 * expects or a reason why not. Never throws.
 */
public final class Records {

    private static final int SHOWN = 200;
    private static final int OVERHEAD = 128;
    private static final int HEADER_OVERHEAD = 10;

    private Records() {}

    /**
     * A record of {@link Topics#REQUESTS} with its data not yet parsed.
     *
     * @param name name of the job, from the record's key or its subject
     * @param type type of the event, if present; none means a request
     * @param body the request as JSON; empty if there is none
     */
    public record Request(Optional<String> name, Optional<String> type, ByteBuffer body) {

        public Request {
            body = body.asReadOnlyBuffer();
        }

        /** The bytes of the body. */
        public byte[] bytes() {
            byte[] bytes = new byte[body.remaining()];
            body.duplicate().get(bytes);
            return bytes;
        }

        /** Whether its type is not that of a request. */
        public boolean isOther() {
            return type.filter(said -> !said.equals(EventType.REQUESTED.text())).isPresent();
        }
    }

    /** Reads an event: its type must belong to the topic, and its subject must match the key. */
    public static Reading<Event> event(ConsumerRecord<String, byte[]> record) {
        return reading(record, () -> parseEvent(record));
    }

    /** Reads a chunk and verifies its checksum. */
    public static Reading<Chunk> chunk(ConsumerRecord<String, byte[]> record) {
        return reading(record, () -> Chunks.parse(record));
    }

    /** Reads a request, with or without CloudEvents headers. */
    public static Reading<Request> request(ConsumerRecord<String, byte[]> record) {
        return reading(record, () -> {
            Envelope envelope = Envelope.of(record);
            return new Request(
                    key(record).or(envelope::subject),
                    envelope.type(),
                    envelope.data().orElseGet(() -> ByteBuffer.allocate(0)));
        });
    }

    /** The record's key, if it is not empty. */
    public static Optional<String> key(ConsumerRecord<String, byte[]> record) {
        return Optional.ofNullable(record.key()).filter(key -> !key.isEmpty());
    }

    /** The largest size of the record on its topic in bytes: uncompressed, with Kafka's overhead. */
    public static long size(ProducerRecord<String, byte[]> record) {
        long size = (long) OVERHEAD + bytes(record.key()) + (record.value() == null ? 0 : record.value().length);
        for (Header header : record.headers()) {
            size += HEADER_OVERHEAD + bytes(header.key()) + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static <T> Reading<T> reading(ConsumerRecord<String, byte[]> record, Supplier<T> parse) {
        return Boundary.call(
                () -> new Content<>(parse.get()),
                error -> new Unreadable<>(record, Texts.limit(Boundary.message(error), 2 * SHOWN)));
    }

    private static Event parseEvent(ConsumerRecord<String, byte[]> record) {
        Envelope envelope = Envelope.of(record);
        String said = envelope.type().orElse("");
        EventType type = EventType.of(said)
                .orElseThrow(() -> new IllegalArgumentException(
                        "its type '" + Texts.shorten(said, SHOWN) + "' is none of those in EventType"));
        if (!type.topic().equals(record.topic())) {
            throw new IllegalArgumentException("a " + type + " belongs on " + type.topic());
        }
        String subject = subject(record, envelope);
        Event event = event(type, subject, time(record, envelope), envelope);
        if (!event.subject().equals(subject)) {
            throw new IllegalArgumentException("its data is about '" + Texts.shorten(event.subject(), SHOWN)
                    + "', but its key is '" + Texts.shorten(subject, SHOWN) + "'");
        }
        return event;
    }

    private static String subject(ConsumerRecord<String, byte[]> record, Envelope envelope) {
        Optional<String> key = key(record);
        Optional<String> subject = envelope.subject();
        if (key.isPresent() && subject.isPresent() && !key.equals(subject)) {
            throw new IllegalArgumentException("its subject is '" + Texts.shorten(subject.get(), SHOWN)
                    + "', but its key is '" + Texts.shorten(key.get(), SHOWN) + "'");
        }
        return key.or(() -> subject)
                .orElseThrow(() ->
                        new IllegalArgumentException("the record has no key, which would name the job or worker"));
    }

    private static Instant time(ConsumerRecord<String, byte[]> record, Envelope envelope) {
        return envelope.time()
                .map(ForeignJson::time)
                .orElseGet(() -> Instant.ofEpochMilli(Math.max(0, record.timestamp())));
    }

    private static Event event(EventType type, String subject, Instant time, Envelope envelope) {
        try {
            JsonNode data =
                    type == EventType.CANCEL_REQUESTED ? cancel(envelope.data(), subject, time) : tree(envelope.data());
            Event event = ForeignJson.value(data, type.payload());
            return event instanceof JobRequested requested
                    ? new JobRequested(subject, time, requested.request())
                    : event;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its data is no " + type + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(Optional<ByteBuffer> data) {
        return ForeignJson.tree(data.orElseThrow(() -> new IllegalArgumentException("it has no value")));
    }

    /** A cancel request needs only key and type; everything else is optional but must be valid. */
    private static JsonNode cancel(Optional<ByteBuffer> data, String subject, Instant time) {
        JsonNode said = data.filter(ByteBuffer::hasRemaining)
                .map(ForeignJson::tree)
                .orElseGet(JsonNodeFactory.instance::nullNode);
        ObjectNode whole = said.isNull() ? JsonNodeFactory.instance.objectNode() : object(said);
        putIfAbsent(whole, "jobId", subject);
        putIfAbsent(whole, "at", time.toString());
        putIfAbsent(whole, "reason", JobEvent.CancelRequested.NO_REASON);
        int length = whole.get("reason").asText().length();
        if (length > JobEvent.CancelRequested.MAX_REASON) {
            throw new IllegalArgumentException("its reason has " + length + " characters, at most "
                    + JobEvent.CancelRequested.MAX_REASON + " are allowed");
        }
        return whole;
    }

    private static void putIfAbsent(ObjectNode object, String name, String text) {
        if (!object.hasNonNull(name)) {
            object.put(name, text);
        }
    }

    private static ObjectNode object(JsonNode said) {
        if (said instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("it is no JSON object");
    }
}
