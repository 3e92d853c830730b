package io.lowpass.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.fields.Texts;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The CloudEvents envelope of a record, with its data not yet parsed. Both modes of the Kafka binding are read: binary
 * (attributes are headers, the value is the data) and structured (the value is a JSON object with attributes and data).
 *
 * @param type type of the event, if present
 * @param subject subject of the event, if present
 * @param time time of the event, if present
 * @param data the data as JSON, if present
 */
record Envelope(Optional<String> type, Optional<String> subject, Optional<String> time, Optional<ByteBuffer> data) {

    static final String CONTENT_TYPE = "content-type";

    private static final String STRUCTURED = "application/cloudevents";
    private static final String BATCH = STRUCTURED + "-batch";
    private static final List<String> REQUIRED = List.of("specversion", "id", "source", "type");
    private static final int SHOWN = 80;

    /**
     * Reads the envelope of a record.
     *
     * @throws IllegalArgumentException with the reason if it is invalid
     */
    static Envelope of(ConsumerRecord<String, byte[]> record) {
        String contentType = header(record, CONTENT_TYPE).orElse("").strip().toLowerCase(Locale.ROOT);
        if (contentType.startsWith(BATCH)) {
            throw new IllegalArgumentException("it is a batch of CloudEvents (" + Texts.shorten(contentType, SHOWN)
                    + "): a record holds one event");
        }
        if (contentType.startsWith(STRUCTURED)) {
            return structured(record, contentType);
        }
        return new Envelope(
                header(record, Events.TYPE_HEADER),
                header(record, Events.SUBJECT_HEADER).filter(subject -> !subject.isEmpty()),
                header(record, Events.TIME_HEADER),
                Optional.ofNullable(record.value()).map(ByteBuffer::wrap));
    }

    private static Envelope structured(ConsumerRecord<String, byte[]> record, String contentType) {
        String mediaType = contentType.split(";", 2)[0].strip();
        if (!mediaType.equals(STRUCTURED + "+json")) {
            throw new IllegalArgumentException("it is a CloudEvent as " + Texts.shorten(mediaType, SHOWN) + "; only "
                    + STRUCTURED + "+json is read");
        }
        if (record.value() == null) {
            throw new IllegalArgumentException("it has no value, which would hold the CloudEvent");
        }
        JsonNode event = ForeignJson.tree(ByteBuffer.wrap(record.value()));
        if (!event.isObject()) {
            throw new IllegalArgumentException("its value is no CloudEvent: no JSON object");
        }
        for (String name : REQUIRED) {
            if (text(event, name).filter(value -> !value.isEmpty()).isEmpty()) {
                throw new IllegalArgumentException("its CloudEvent has no attribute '" + name + "'");
            }
        }
        String version = text(event, "specversion").orElse("");
        if (!version.equals("1.0")) {
            throw new IllegalArgumentException(
                    "its CloudEvent has specversion '" + Texts.shorten(version, SHOWN) + "'; 1.0 is read");
        }
        return new Envelope(text(event, "type"), text(event, "subject"), text(event, "time"), data(event));
    }

    private static Optional<ByteBuffer> data(JsonNode event) {
        String dataType = text(event, "datacontenttype").orElse("application/json");
        String mediaType = dataType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!mediaType.endsWith("/json") && !mediaType.endsWith("+json")) {
            throw new IllegalArgumentException(
                    "the data of its CloudEvent is " + Texts.shorten(dataType, SHOWN) + ", not JSON");
        }
        Optional<String> base64 = text(event, "data_base64");
        if (base64.isPresent() && event.has("data")) {
            throw new IllegalArgumentException("its CloudEvent has both data and data_base64");
        }
        if (base64.isPresent()) {
            return base64.map(text -> ByteBuffer.wrap(Base64.getDecoder().decode(text)));
        }
        return Optional.ofNullable(event.get("data")).map(data -> ByteBuffer.wrap(EventJson.bytes(data)));
    }

    private static Optional<String> text(JsonNode event, String name) {
        JsonNode value = event.get(name);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("attribute '" + name + "' of its CloudEvent is no text");
        }
        return Optional.of(value.textValue());
    }

    /**
     * The text of a header; empty if it is missing or has no value.
     *
     * @throws IllegalArgumentException if it is not UTF-8
     */
    static Optional<String> header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(Texts.decode(ByteBuffer.wrap(header.value()), "its header '" + name + "'"));
    }
}
