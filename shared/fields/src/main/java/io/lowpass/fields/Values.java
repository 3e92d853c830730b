package io.lowpass.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Values that were checked by a {@link FieldTable} and completed from it, so that whoever asks for one need not look
 * whether it is allowed.
 *
 * @param json the values by name
 */
public record Values(ObjectNode json) {

    /** Whether there is a value. */
    public boolean has(String name) {
        return json.has(name);
    }

    /** A number. */
    public double number(String name) {
        return value(name).doubleValue();
    }

    /** A whole number. */
    public int integer(String name) {
        return value(name).intValue();
    }

    /** A truth value. */
    public boolean flag(String name) {
        return value(name).booleanValue();
    }

    /** Text. */
    public String text(String name) {
        return value(name).textValue();
    }

    /** A constant, which is written in camel case. */
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
        String word = value(name).textValue();
        return Stream.of(type.getEnumConstants())
                .filter(constant -> label(constant).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        name + " " + word + " is in the table, but no constant of " + type.getSimpleName()));
    }

    /** Numbers; none if there is no value. */
    public List<Double> numbers(String name) {
        return json.path(name).valueStream().map(JsonNode::doubleValue).toList();
    }

    /** Whole numbers; none if there is no value. */
    public List<Integer> integers(String name) {
        return json.path(name).valueStream().map(JsonNode::intValue).toList();
    }

    /** Truth values; none if there is no value. */
    public List<Boolean> flags(String name) {
        return json.path(name).valueStream().map(JsonNode::booleanValue).toList();
    }

    /** Values within a value; nothing if there are none. */
    public Optional<Values> group(String name) {
        return json.get(name) instanceof ObjectNode inner ? Optional.of(new Values(inner)) : Optional.empty();
    }

    private JsonNode value(String name) {
        return Objects.requireNonNull(json.get(name), name);
    }

    private static String label(Enum<?> constant) {
        String[] words = constant.name().toLowerCase(Locale.ROOT).split("_", -1);
        return words[0]
                + Stream.of(words)
                        .skip(1)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }
}
