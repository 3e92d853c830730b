package io.lowpass.fields;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** What a field may be: checks it, and says it in words and as JSON Schema. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Rule.Finite.class, name = "number"),
    @JsonSubTypes.Type(value = Rule.Whole.class, name = "integer"),
    @JsonSubTypes.Type(value = Rule.Flag.class, name = "boolean"),
    @JsonSubTypes.Type(value = Rule.Choice.class, name = "choice"),
    @JsonSubTypes.Type(value = Rule.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Rule.Image.class, name = "image"),
    @JsonSubTypes.Type(value = Items.class, name = "list"),
    @JsonSubTypes.Type(value = Window.class, name = "window"),
    @JsonSubTypes.Type(value = Rule.Group.class, name = "object"),
    @JsonSubTypes.Type(value = Entries.class, name = "map"),
    @JsonSubTypes.Type(value = Rule.Elsewhere.class, name = "table")
})
public sealed interface Rule
        permits Rule.Finite,
                Rule.Whole,
                Rule.Flag,
                Rule.Choice,
                Rule.Text,
                Rule.Image,
                Items,
                Window,
                Rule.Group,
                Entries,
                Rule.Elsewhere {

    /** Notes what is wrong with the field, if it is there. */
    void check(Fields fields, String name);

    /** What is allowed, in words. */
    String allowed();

    /** What is allowed, as JSON Schema. */
    ObjectNode schema();

    /** A schema of one type. */
    static ObjectNode schema(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** A number as people write it. */
    static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < Long.MAX_VALUE
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    /**
     * A finite number.
     *
     * @param minExcluded whether the smallest value itself is too small
     * @param maxExcluded whether the largest value itself is too large
     */
    record Finite(double min, double max, Optional<Boolean> minExcluded, Optional<Boolean> maxExcluded)
            implements Rule {

        /** Any finite number. */
        public static final Finite ANY = of(-Double.MAX_VALUE, Double.MAX_VALUE);

        /** A number within bounds, both included. */
        public static Finite of(double min, double max) {
            return new Finite(min, max, Optional.empty(), Optional.empty());
        }

        /** A number above one bound and at most the other. */
        public static Finite above(double min, double max) {
            return new Finite(min, max, Optional.of(true), Optional.empty());
        }

        /** The smallest number that is allowed. */
        public double least() {
            return minExcluded.orElse(false) ? Math.nextUp(min) : min;
        }

        /** The largest number that is allowed. */
        public double most() {
            return maxExcluded.orElse(false) ? Math.nextDown(max) : max;
        }

        @Override
        public void check(Fields fields, String name) {
            fields.number(name, least(), most(), allowed());
        }

        @Override
        public String allowed() {
            if (equals(ANY)) {
                return "a finite number";
            }
            boolean open = minExcluded.orElse(false);
            if (!open && !maxExcluded.orElse(false)) {
                return "a number from " + plain(min) + " to " + plain(max);
            }
            return "a number " + (open ? "above " : "of at least ") + plain(min) + " and "
                    + (maxExcluded.orElse(false) ? "below " : "at most ") + plain(max);
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = Rule.schema("number");
            bound(schema, minExcluded.orElse(false) ? "exclusiveMinimum" : "minimum", min);
            bound(schema, maxExcluded.orElse(false) ? "exclusiveMaximum" : "maximum", max);
            return schema;
        }

        private static void bound(ObjectNode schema, String keyword, double bound) {
            if (bound == Math.rint(bound) && Math.abs(bound) < Long.MAX_VALUE) {
                schema.put(keyword, (long) bound);
            } else {
                schema.put(keyword, bound);
            }
        }
    }

    /** A whole number. */
    record Whole(long min, long max) implements Rule {
        @Override
        public void check(Fields fields, String name) {
            fields.integer(name, min, max);
        }

        @Override
        public String allowed() {
            return "a whole number from " + min + " to " + max;
        }

        @Override
        public ObjectNode schema() {
            return Rule.schema("integer").put("minimum", min).put("maximum", max);
        }
    }

    /** True or false. */
    record Flag() implements Rule {
        @Override
        public void check(Fields fields, String name) {
            fields.flag(name);
        }

        @Override
        public String allowed() {
            return "true or false";
        }

        @Override
        public ObjectNode schema() {
            return Rule.schema("boolean");
        }
    }

    /** One of some words. */
    record Choice(@JsonProperty("allowed") List<String> words) implements Rule {
        @Override
        public void check(Fields fields, String name) {
            fields.oneOf(name, words, "");
        }

        @Override
        public String allowed() {
            return "one of " + String.join(", ", words);
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = Rule.schema("string");
            words.forEach(schema.putArray("enum")::add);
            return schema;
        }
    }

    /**
     * Text.
     *
     * @param maxBytes in UTF-8
     * @param pattern of a form that is looked at by code of its own
     * @param form the same in words
     */
    record Text(int maxBytes, Optional<String> pattern, Optional<String> form) implements Rule {

        /** Any text. */
        public static final Text ANY = new Text(Integer.MAX_VALUE, Optional.empty(), Optional.of("text"));

        @Override
        public void check(Fields fields, String name) {
            fields.text(name, maxBytes);
        }

        @Override
        public String allowed() {
            return form.orElse("text of at most " + maxBytes + " bytes in UTF-8");
        }

        @Override
        public ObjectNode schema() {
            ObjectNode schema = Rule.schema("string").put("maxLength", maxBytes);
            pattern.ifPresent(regex -> schema.put("pattern", regex));
            return schema;
        }
    }

    /** An image within JSON. */
    record Image() implements Rule {

        /** Most characters: with the rest of its job an image fits into one record. */
        public static final int MAX_LENGTH = 600_000;

        @Override
        public void check(Fields fields, String name) {
            fields.text(name, MAX_LENGTH);
        }

        @Override
        public String allowed() {
            return "data:image/png;base64,… or data:image/jpeg;base64,… of at most " + MAX_LENGTH + " characters";
        }

        @Override
        public ObjectNode schema() {
            return Rule.schema("string")
                    .put("pattern", "^data:image/(png|jpeg);base64,[A-Za-z0-9+/]+={0,2}$")
                    .put("maxLength", MAX_LENGTH);
        }
    }

    /** An object with fields of its own. */
    record Group(@JsonProperty("options") FieldTable table) implements Rule {
        @Override
        public void check(Fields fields, String name) {
            fields.object(name).ifPresent(object -> table.check(fields.within(name, object)));
        }

        @Override
        public String allowed() {
            return "an object with " + String.join(", ", table.names());
        }

        @Override
        public ObjectNode schema() {
            return table.schema();
        }
    }

    /**
     * An object that another table says.
     *
     * @param reference of that table's schema
     */
    record Elsewhere(String reference) implements Rule {
        @Override
        public void check(Fields fields, String name) {
            fields.object(name);
        }

        @Override
        public String allowed() {
            return "an object";
        }

        @Override
        public ObjectNode schema() {
            return JsonNodeFactory.instance.objectNode().put("$ref", reference);
        }
    }
}
