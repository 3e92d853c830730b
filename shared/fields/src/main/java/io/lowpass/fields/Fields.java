package io.lowpass.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The fields of an object: each reader gives the value, or notes what is wrong with it, or gives nothing where the field
 * is not there.
 */
public final class Fields {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String prefix;
    private final ObjectNode object;
    private final Problems problems;

    /**
     * The fields of an object.
     *
     * @param prefix path of the object; empty for the whole
     * @param problems where problems are noted
     */
    public Fields(String prefix, ObjectNode object, Problems problems) {
        this.prefix = prefix;
        this.object = object;
        this.problems = problems;
    }

    /**
     * Fields that are already values of Java. One that is null is not there.
     *
     * @throws IllegalArgumentException if a value has no form in JSON
     */
    public static Fields of(String prefix, Map<String, ?> values, Problems problems) {
        return new Fields(prefix, withoutNulls(JSON.valueToTree(values)), problems);
    }

    /** The same object without the fields that are null, for settings in which null means absent. */
    public static ObjectNode withoutNulls(ObjectNode object) {
        ObjectNode kept = object.objectNode();
        object.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> kept.set(field.getKey(), field.getValue()));
        return kept;
    }

    /** Path of a field. */
    public String path(String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }

    /** The object as it is. */
    public ObjectNode json() {
        return object;
    }

    /** Where problems are noted. */
    public Problems problems() {
        return problems;
    }

    /** A field as it is. */
    public Optional<JsonNode> find(String name) {
        return Optional.ofNullable(object.get(name));
    }

    /** Whether a field is there. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** Notes that a field, with its value, is not allowed. */
    public void refuse(Violation violation, String name, String allowed) {
        problems.add(
                violation,
                path(name),
                Objects.requireNonNullElse(object.get(name), MissingNode.getInstance()),
                allowed);
    }

    /** Notes that a field is not allowed, unless a condition holds. */
    public void require(boolean holds, String name, String allowed) {
        if (!holds) {
            refuse(Violation.COMBINATION, name, allowed);
        }
    }

    /** Notes a field that is not there. */
    public void requirePresent(String name, String allowed) {
        if (!has(name)) {
            refuse(Violation.REQUIRED, name, allowed);
        }
    }

    /** Notes every field that is none of these. */
    public void allowOnly(Collection<String> names) {
        object.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                problems.add(
                        Violation.UNKNOWN_FIELD,
                        Problem.shorten(path(name)),
                        object.get(name),
                        names.isEmpty() ? "no fields" : "one of " + String.join(", ", names));
            }
        });
    }

    /** Text. */
    public Optional<String> text(String name) {
        return text(name, Integer.MAX_VALUE);
    }

    /** Text of at most so many bytes in UTF-8. */
    public Optional<String> text(String name, int maxBytes) {
        Optional<JsonNode> value = find(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isTextual()) {
            refuse(Violation.TYPE, name, "text");
            return Optional.empty();
        }
        String text = value.get().textValue();
        if (!Texts.isUnicode(text)) {
            refuse(Violation.FORM, name, "Unicode text; this has half of a surrogate pair");
            return Optional.empty();
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            refuse(Violation.TOO_LONG, name, "at most " + maxBytes + " bytes in UTF-8");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    /**
     * One of some words.
     *
     * @param more what follows the words in the error
     */
    public Optional<String> oneOf(String name, Collection<String> allowed, String more) {
        Optional<String> text = text(name);
        if (text.isPresent() && !allowed.contains(text.get())) {
            refuse(Violation.UNKNOWN_VALUE, name, "one of " + String.join(", ", allowed) + more);
            return Optional.empty();
        }
        return text;
    }

    /** A whole number within the bounds, both included; 17.0 is one, as in JSON Schema. */
    public OptionalLong integer(String name, long min, long max) {
        Optional<JsonNode> value = find(name);
        String allowed = new Rule.Whole(min, max).allowed();
        if (value.isEmpty() || !number(name, value.get(), allowed)) {
            return OptionalLong.empty();
        }
        if (value.get().isFloatingPointNumber()
                && value.get().doubleValue() != Math.rint(value.get().doubleValue())) {
            refuse(Violation.TYPE, name, allowed);
            return OptionalLong.empty();
        }
        if (!value.get().canConvertToLong()
                || value.get().longValue() < min
                || value.get().longValue() > max) {
            refuse(Violation.RANGE, name, allowed);
            return OptionalLong.empty();
        }
        return OptionalLong.of(value.get().longValue());
    }

    /** A finite number. */
    public OptionalDouble number(String name) {
        return number(name, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /** A finite number within the bounds, both included. */
    public OptionalDouble number(String name, double min, double max) {
        return number(name, min, max, Rule.Finite.of(min, max).allowed());
    }

    /** As {@link #number(String, double, double)}, with other words for what is allowed. */
    public OptionalDouble number(String name, double min, double max, String allowed) {
        Optional<JsonNode> value = find(name);
        if (value.isEmpty() || !number(name, value.get(), allowed)) {
            return OptionalDouble.empty();
        }
        double number = value.get().doubleValue();
        if (number < min || number > max) {
            refuse(Violation.RANGE, name, allowed);
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(number);
    }

    /** True or false. */
    public Optional<Boolean> flag(String name) {
        Optional<JsonNode> value = find(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            refuse(Violation.TYPE, name, "true or false");
            return Optional.empty();
        }
        return value.map(JsonNode::booleanValue);
    }

    /** An object. */
    public Optional<ObjectNode> object(String name) {
        Optional<JsonNode> value = find(name);
        if (value.isPresent() && !value.get().isObject()) {
            refuse(Violation.TYPE, name, "an object");
            return Optional.empty();
        }
        return value.map(ObjectNode.class::cast);
    }

    /** The same readers for an object within this one. */
    public Fields within(String name, ObjectNode inner) {
        return new Fields(path(name), inner, problems);
    }

    /** The same readers for another object in this one's place. */
    public Fields replacedBy(ObjectNode other) {
        return new Fields(prefix, other, problems);
    }

    private boolean number(String name, JsonNode value, String allowed) {
        if (!value.isNumber()) {
            refuse(Violation.TYPE, name, allowed);
            return false;
        }
        if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
            refuse(Violation.NOT_FINITE, name, allowed);
            return false;
        }
        return true;
    }
}
