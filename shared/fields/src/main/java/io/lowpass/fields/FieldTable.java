package io.lowpass.fields;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The fields of one kind of object, by name and in the order in which they are explained: what each may be, its default
 * and its description.
 */
public final class FieldTable {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private final Map<String, Field> fields;

    private FieldTable(Map<String, Field> fields) {
        this.fields = Collections.unmodifiableMap(fields);
    }

    /** A table from JSON: a row by the name of each field. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static FieldTable of(ObjectNode rows) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> row : rows.properties()) {
            fields.put(
                    row.getKey(),
                    new Field(value(row.getValue(), Rule.class), value(row.getValue(), Field.About.class)));
        }
        return new FieldTable(fields);
    }

    /**
     * A resource beside a class, as JSON.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    public static <T> T resource(Class<?> beside, String name, Class<T> type) {
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
            return JSON.readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /**
     * A row as its type.
     *
     * @throws UncheckedIOException if it is none
     */
    public static <T> T value(JsonNode row, Class<T> type) {
        try {
            return JSON.treeToValue(row, type);
        } catch (IOException e) {
            throw new UncheckedIOException(row.toString(), e);
        }
    }

    /** The fields by name. */
    public Map<String, Field> fields() {
        return fields;
    }

    /** Their names. */
    public List<String> names() {
        return List.copyOf(fields.keySet());
    }

    /** The fields of which something holds. */
    public FieldTable only(Predicate<Field> holds) {
        Map<String, Field> kept = new LinkedHashMap<>(fields);
        kept.values().removeIf(holds.negate());
        return new FieldTable(kept);
    }

    /** The fields but those of some names. */
    public FieldTable without(Collection<String> names) {
        Map<String, Field> kept = new LinkedHashMap<>(fields);
        kept.keySet().removeAll(names);
        return new FieldTable(kept);
    }

    /**
     * A field.
     *
     * @throws NullPointerException if there is none of this name
     */
    public Field get(String name) {
        return Objects.requireNonNull(fields.get(name), name);
    }

    /** Notes fields that are not in the table, that are missing, or that are not what they may be. */
    public void check(Fields given) {
        given.allowOnly(fields.keySet());
        checkKnown(given);
        fields.forEach((name, field) -> {
            if (field.isRequired()) {
                given.requirePresent(name, field.rule().allowed());
            }
        });
    }

    /** Notes fields of the table that are not what they may be. */
    public void checkKnown(Fields given) {
        fields.forEach((name, field) -> field.rule().check(given, name));
    }

    /** The object, with the defaults of what is not given, groups that are given included. */
    public ObjectNode complete(ObjectNode given) {
        ObjectNode completed = given.deepCopy();
        fields.forEach((name, field) -> {
            if (!completed.has(name)) {
                field.otherwise(completed).ifPresent(value -> completed.set(name, value.deepCopy()));
            }
            if (field.rule() instanceof Rule.Group group && completed.get(name) instanceof ObjectNode inner) {
                completed.set(name, group.table().complete(inner));
            }
        });
        return completed;
    }

    /** The object as JSON Schema. */
    public ObjectNode schema() {
        ObjectNode schema = Rule.schema("object");
        ObjectNode properties = schema.putObject("properties");
        fields.forEach((name, field) -> properties.set(name, field.schema()));
        fields.forEach((name, field) -> {
            if (field.isRequired()) {
                schema.withArray("required").add(name);
            }
        });
        return schema.put("additionalProperties", false);
    }
}
