package io.lowpass.contracts;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Events as Kafka records: CloudEvents 1.0 in binary mode. The value is the data as JSON, the attributes are headers
 * with the prefix {@code ce_}, and the key is the job id or the worker's name.
 */
public final class Events {

    /** Header with the type of an event. */
    public static final String TYPE_HEADER = "ce_type";

    static final String TIME_HEADER = "ce_time";
    static final String SUBJECT_HEADER = "ce_subject";

    private Events() {}

    /** The record that carries the event on the topic of its type. */
    public static ProducerRecord<String, byte[]> record(Event event) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(event.type().topic(), event.subject(), EventJson.bytes(event));
        put(record, "ce_specversion", "1.0");
        put(record, "ce_id", event.id());
        put(record, "ce_source", event.type().source());
        put(record, TYPE_HEADER, event.type().text());
        put(record, SUBJECT_HEADER, event.subject());
        put(record, TIME_HEADER, event.at().toString());
        put(record, Envelope.CONTENT_TYPE, "application/json");
        return record;
    }

    /** The type of the event in the record, if it is a known one. */
    public static Optional<EventType> typeOf(ConsumerRecord<String, byte[]> record) {
        return header(record, TYPE_HEADER).flatMap(EventType::of);
    }

    /** The text of a header for display; empty if it is missing or has no value. */
    public static Optional<String> header(ConsumerRecord<String, byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    /**
     * Reads the event of a record. {@link Records#event} does the same without throwing.
     *
     * @throws MalformedRecordException if the record cannot be read
     */
    public static Event read(ConsumerRecord<String, byte[]> record) {
        return Records.event(record).orElseThrow();
    }

    private static void put(ProducerRecord<String, byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
