package io.lowpass.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A whole record as JSON, so that its key, its headers and its value can all be changed, nulls among them. */
final class RecordForm {

    private RecordForm() {}

    /** The record; its value as JSON where it is, else a character for each byte. */
    static byte[] of(ProducerRecord<String, byte[]> record) {
        ObjectNode form = EventJson.mapper().createObjectNode();
        form.put("key", record.key());
        form.set("value", value(record.value()));
        ObjectNode headers = form.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return EventJson.bytes(form);
    }

    private static JsonNode value(byte[] value) {
        try {
            return EventJson.mapper().readTree(value);
        } catch (IOException e) {
            return EventJson.mapper().getNodeFactory().textNode(new String(value, StandardCharsets.ISO_8859_1));
        }
    }

    /** The record that a form means; what is no form is the value of a record with these headers. */
    static ConsumerRecord<String, byte[]> record(String topic, byte[] form, ProducerRecord<String, byte[]> otherwise) {
        try {
            JsonNode tree = EventJson.mapper().readTree(form);
            if (tree.isObject()) {
                return record(topic, tree);
            }
        } catch (IOException e) {
            // Bytes that nobody can read.
        }
        return record(topic, otherwise.key(), form, new RecordHeaders(otherwise.headers()));
    }

    private static ConsumerRecord<String, byte[]> record(String topic, JsonNode tree) {
        RecordHeaders headers = new RecordHeaders();
        tree.path("headers")
                .properties()
                .forEach(header ->
                        headers.add(header.getKey(), bytes(header.getValue()).orElse(null)));
        String key = tree.path("key").isTextual() ? tree.path("key").textValue() : null;
        return record(topic, key, bytes(tree.path("value")).orElse(null), headers);
    }

    private static Optional<byte[]> bytes(JsonNode node) {
        if (node.isNull() || node.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(
                node.isTextual()
                        ? node.textValue().getBytes(StandardCharsets.ISO_8859_1)
                        : node.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static ConsumerRecord<String, byte[]> record(
            String topic, String key, byte[] value, RecordHeaders headers) {
        return new ConsumerRecord<>(
                topic, 0, 7, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }
}
