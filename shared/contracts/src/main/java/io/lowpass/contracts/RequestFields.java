package io.lowpass.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.fields.Field;
import io.lowpass.fields.FieldTable;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Items;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of request fields, and readers that take their bounds from it. What the table cannot say, such as the form of
 * an object key, is said where the field is used.
 */
public final class RequestFields {

    /** Every field of a request. */
    public static final FieldTable TABLE =
            FieldTable.resource(RequestFields.class, "request-fields.json", FieldTable.class);

    private static final FieldTable OWN = TABLE.only(Field::isOwn).without(components());

    private RequestFields() {}

    /** Fields that only some models or schedulers have a use for, and that a job has by name. */
    public static FieldTable own() {
        return OWN;
    }

    /** Names of the fields that some models have a use for and others have not. */
    public static List<String> ofSomeModels() {
        return TABLE.only(field -> field.about().models().isPresent()).names();
    }

    /** Names of the lists whose length is the value of a field. */
    public static List<String> counting(String name) {
        Predicate<Field> counts =
                field -> field.about().counts().filter(name::equals).isPresent();
        return TABLE.only(counts).names();
    }

    /** The rule of a field. */
    public static <R extends Rule> R rule(String name, Class<R> type) {
        return type.cast(TABLE.get(name).rule());
    }

    /** Text, as long as the table allows. */
    public static Optional<String> text(Fields request, String name) {
        return text(TABLE, request, name);
    }

    /** As the other, of another table. */
    public static Optional<String> text(FieldTable table, Fields object, String name) {
        return object.text(name, ((Rule.Text) table.get(name).rule()).maxBytes());
    }

    /** A whole number within the table's bounds. */
    public static OptionalLong integer(Fields request, String name) {
        return integer(request, name, Long.MAX_VALUE);
    }

    /** A whole number within the table's bounds, and not above a model's. */
    public static OptionalLong integer(Fields request, String name, long most) {
        Rule.Whole rule = rule(name, Rule.Whole.class);
        return request.integer(name, rule.min(), Math.min(most, rule.max()));
    }

    /** A number within the table's bounds. */
    public static OptionalDouble number(Fields request, String name) {
        Rule.Finite rule = rule(name, Rule.Finite.class);
        return request.number(name, rule.least(), rule.most());
    }

    /** Whether a field is an image. */
    public static boolean isImage(String name) {
        Field field = TABLE.fields().get(name);
        return field != null && field.rule() instanceof Rule.Image;
    }

    /**
     * The fields of a job that it has by name, each in one form; those that the table does not have are left out.
     *
     * @throws io.lowpass.fields.InvalidFieldsException if one is not what it may be
     */
    static Map<String, JsonNode> checkedOwn(Map<String, JsonNode> given) {
        Problems problems = new Problems();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        given.forEach((name, value) -> {
            if (OWN.fields().containsKey(name)) {
                object.set(name, canonical(OWN.get(name).rule(), value));
            }
        });
        OWN.checkKnown(new Fields("", object, problems));
        problems.requireNone("");
        return object.properties().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** A value as a job has it: the same number in one form. */
    static JsonNode canonical(Rule rule, JsonNode value) {
        if (rule instanceof Rule.Finite && value.isNumber()) {
            return JsonNodeFactory.instance.numberNode(value.doubleValue());
        }
        if (rule instanceof Items list && value.isArray()) {
            ArrayNode items = JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> items.add(canonical(list.items(), item)));
            return items;
        }
        return value;
    }

    private static List<String> components() {
        return Stream.of(Job.class.getRecordComponents())
                .map(component -> component.getName())
                .toList();
    }
}
