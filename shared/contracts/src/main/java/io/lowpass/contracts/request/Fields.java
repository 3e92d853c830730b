package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.Texts;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The fields of one object of a request: each reader gives the value, or notes what is wrong with it, or neither. */
final class Fields {

    private final String prefix;
    private final ObjectNode object;
    private final Problems problems;

    Fields(String prefix, ObjectNode object, Problems problems) {
        this.prefix = prefix;
        this.object = object;
        this.problems = problems;
    }

    /** Path of a field of this object within the request. */
    String path(String name) {
        return prefix.isEmpty() ? name : prefix + "." + name;
    }

    Optional<JsonNode> find(String name) {
        return Optional.ofNullable(object.get(name));
    }

    void refuse(Problem problem, String name, String allowed) {
        JsonNode value = object.get(name);
        if (value == null) {
            problems.add(problem, path(name), "", allowed);
        } else {
            problems.add(problem, path(name), value, allowed);
        }
    }

    /** Notes a field that is not there. */
    void require(String name, String allowed) {
        if (find(name).isEmpty()) {
            refuse(Problem.REQUIRED, name, allowed);
        }
    }

    /** Notes every field that is none of these. */
    void allowOnly(Collection<String> names) {
        object.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                problems.add(
                        Problem.UNKNOWN_FIELD,
                        Problems.shorten(path(name)),
                        object.get(name),
                        names.isEmpty() ? "no fields" : "one of " + String.join(", ", names));
            }
        });
    }

    /** Text of at most so many bytes in UTF-8. */
    Optional<String> text(String name, int maxBytes) {
        Optional<JsonNode> value = find(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!value.get().isTextual()) {
            refuse(Problem.TYPE, name, "text");
            return Optional.empty();
        }
        String text = value.get().textValue();
        if (!Texts.isUnicode(text)) {
            refuse(Problem.FORM, name, "Unicode text; this has half of a surrogate pair");
            return Optional.empty();
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            refuse(Problem.TOO_LONG, name, "at most " + maxBytes + " bytes in UTF-8");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    Optional<String> oneOf(String name, Collection<String> allowed, String more) {
        Optional<String> text = text(name, Integer.MAX_VALUE);
        if (text.isPresent() && !allowed.contains(text.get())) {
            refuse(Problem.UNKNOWN_VALUE, name, "one of " + String.join(", ", allowed) + more);
            return Optional.empty();
        }
        return text;
    }

    /** A whole number within the bounds, both included; 17.0 is one, as in JSON Schema. */
    OptionalLong integer(String name, long min, long max) {
        Optional<JsonNode> value = find(name);
        String allowed = "a whole number from " + min + " to " + max;
        if (value.isEmpty() || !number(name, value.get(), allowed)) {
            return OptionalLong.empty();
        }
        if (value.get().isFloatingPointNumber()
                && value.get().doubleValue() != Math.rint(value.get().doubleValue())) {
            refuse(Problem.TYPE, name, allowed);
            return OptionalLong.empty();
        }
        if (!value.get().canConvertToLong()
                || value.get().longValue() < min
                || value.get().longValue() > max) {
            refuse(Problem.RANGE, name, allowed);
            return OptionalLong.empty();
        }
        return OptionalLong.of(value.get().longValue());
    }

    /** A finite number within the bounds, both included. */
    OptionalDouble number(String name, double min, double max) {
        return number(name, min, max, "a number from " + plain(min) + " to " + plain(max));
    }

    /** As {@link #number(String, double, double)}, with other words for what is allowed. */
    OptionalDouble number(String name, double min, double max, String allowed) {
        Optional<JsonNode> value = find(name);
        if (value.isEmpty() || !number(name, value.get(), allowed)) {
            return OptionalDouble.empty();
        }
        double number = value.get().doubleValue();
        if (number < min || number > max) {
            refuse(Problem.RANGE, name, allowed);
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(number);
    }

    Optional<Boolean> trueOrFalse(String name) {
        Optional<JsonNode> value = find(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            refuse(Problem.TYPE, name, "true or false");
            return Optional.empty();
        }
        return value.map(JsonNode::booleanValue);
    }

    Optional<ObjectNode> object(String name) {
        Optional<JsonNode> value = find(name);
        if (value.isPresent() && !value.get().isObject()) {
            refuse(Problem.TYPE, name, "an object");
            return Optional.empty();
        }
        return value.map(ObjectNode.class::cast);
    }

    /** The same readers for an object within this one. */
    Fields within(String name, ObjectNode inner) {
        return new Fields(path(name), inner, problems);
    }

    private boolean number(String name, JsonNode value, String allowed) {
        if (!value.isNumber()) {
            refuse(Problem.TYPE, name, allowed);
            return false;
        }
        if (value.isFloatingPointNumber() && !Double.isFinite(value.doubleValue())) {
            refuse(Problem.NOT_FINITE, name, allowed);
            return false;
        }
        return true;
    }

    /** A bound as people write it. */
    static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
