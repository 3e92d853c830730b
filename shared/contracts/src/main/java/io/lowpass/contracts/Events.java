package io.lowpass.contracts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Events on Kafka: CloudEvents 1.0 in binary mode. The data is the record's value as JSON, the attributes are headers
 * with the prefix {@code ce_}, and the key is the job id, or the worker's name.
 */
public final class Events {

    /** Header with the type of an event. */
    public static final String TYPE_HEADER = "ce_type";

    private static final String TIME_HEADER = "ce_time";

    private Events() {}

    /** The record that carries the event on the topic of its type. */
    public static ProducerRecord<String, byte[]> record(Event event) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(event.type().topic(), event.subject(), EventJson.bytes(event));
        put(record, "ce_specversion", "1.0");
        put(record, "ce_id", event.id());
        put(record, "ce_source", event.type().source());
        put(record, TYPE_HEADER, event.type().text());
        put(record, "ce_subject", event.subject());
        put(record, TIME_HEADER, event.at().toString());
        put(record, "content-type", "application/json");
        return record;
    }

    /** The type of the event in the record, if it has one that we know. */
    public static Optional<EventType> typeOf(ConsumerRecord<String, byte[]> record) {
        return header(record, TYPE_HEADER).flatMap(EventType::of);
    }

    /** The text of a header, if the record has it. */
    public static Optional<String> header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return Optional.ofNullable(header).map(found -> new String(found.value(), StandardCharsets.UTF_8));
    }

    /**
     * The event in the record.
     *
     * @throws MalformedRecordException if its type is missing or unknown, or its data is not what the type says
     */
    public static Event read(ConsumerRecord<String, byte[]> record) {
        EventType type = typeOf(record)
                .orElseThrow(() -> new MalformedRecordException(
                        record,
                        "its type '" + header(record, TYPE_HEADER).orElse("") + "' is none of those in EventType"));
        try {
            if (record.key() == null) {
                throw new IllegalArgumentException("the record has no key, which would name the job or worker");
            }
            Event event = EventJson.mapper().readValue(record.value(), type.payload());
            return event instanceof JobRequested requested
                    ? new JobRequested(
                            record.key(),
                            Instant.parse(header(record, TIME_HEADER).orElse("")),
                            requested.request())
                    : event;
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            throw new MalformedRecordException(record, "its data is no " + type + ": " + e.getMessage(), e);
        }
    }

    private static void put(ProducerRecord<String, byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
