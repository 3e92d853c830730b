package io.lowpass.contracts;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Validates records against the published contract: the JSON Schema of the event's type, and the CloudEvents headers.
 * For tests and tools, which add {@code com.networknt:json-schema-validator} to their class path.
 */
public final class EventSchemas {

    /** Prefix of the {@code $id} of each schema. */
    static final String PREFIX = "urn:lowpass:schema:";

    private final Map<EventType, Schema> schemas = new EnumMap<>(EventType.class);

    /** Loads all schemas. */
    public EventSchemas() {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(id -> text(id.substring(PREFIX.length())))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
        for (EventType type : EventType.values()) {
            schemas.put(type, registry.getSchema(SchemaLocation.of(PREFIX + type)));
        }
    }

    /**
     * The JSON Schema with this name: that of an event's type, or {@code definitions}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static String text(String name) {
        return SchemaFiles.text(name);
    }

    /** The errors in the data of an event; empty if it is valid. */
    public List<String> check(EventType type, byte[] data) {
        return Objects.requireNonNull(schemas.get(type))
                .validate(new String(data, StandardCharsets.UTF_8), InputFormat.JSON)
                .stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** The errors in the record of an event, including its headers and key; empty if it is valid. */
    public List<String> check(ConsumerRecord<String, byte[]> record) {
        Optional<EventType> type = Events.typeOf(record);
        if (type.isEmpty()) {
            return List.of("header ce_type is none of the types");
        }
        List<String> faults = new ArrayList<>(check(type.get(), record.value()));
        expect(faults, "topic", type.get().topic(), record.topic());
        expect(faults, "ce_specversion", "1.0", header(record, "ce_specversion"));
        expect(faults, "ce_source", type.get().source(), header(record, "ce_source"));
        expect(faults, "ce_subject", String.valueOf(record.key()), header(record, "ce_subject"));
        expect(faults, "content-type", "application/json", header(record, "content-type"));
        if (faults.isEmpty()) {
            Event event = Events.read(record);
            expect(faults, "key", event.subject(), record.key());
            expect(faults, "ce_id", event.id(), header(record, "ce_id"));
            expect(faults, "ce_time", event.at().toString(), header(record, "ce_time"));
        }
        return faults;
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return Events.header(record, name).orElse("");
    }

    private static void expect(List<String> faults, String name, String expected, String actual) {
        if (!expected.equals(actual)) {
            faults.add(name + " is '" + actual + "', not '" + expected + "'");
        }
    }
}
