package io.lowpass.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A list whose items keep one rule.
 *
 * @param contains an item that the list must have
 * @param first the item that it must begin with
 * @param descending whether each item must be below the one before it, also in 32 bits
 */
public record Items(
        Rule items,
        int minItems,
        int maxItems,
        Optional<Integer> contains,
        Optional<Integer> first,
        Optional<Boolean> descending)
        implements Rule {

    /** A list of so many items. */
    public static Items of(Rule items, int minItems, int maxItems) {
        return new Items(items, minItems, maxItems, Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Override
    public void check(Fields fields, String name) {
        Optional<JsonNode> list = fields.find(name);
        if (list.isEmpty()) {
            return;
        }
        if (!list.get().isArray()) {
            fields.refuse(Violation.TYPE, name, size());
            return;
        }
        if (list.get().size() < minItems || list.get().size() > maxItems) {
            fields.refuse(Violation.RANGE, name, size());
            return;
        }
        int before = fields.problems().count();
        ObjectNode byPlace = JsonNodeFactory.instance.objectNode();
        list.get().forEach(item -> byPlace.set(Integer.toString(byPlace.size()), item));
        Fields inner = fields.within(name, byPlace);
        byPlace.fieldNames().forEachRemaining(place -> items.check(inner, place));
        if (fields.problems().count() == before) {
            checkOrder(fields, name, list.get());
        }
    }

    private void checkOrder(Fields fields, String name, JsonNode list) {
        if (contains.isPresent() && list.valueStream().noneMatch(item -> isNumber(item, contains.get()))) {
            fields.refuse(Violation.COMBINATION, name, "a list that contains " + contains.get());
        }
        if (first.isPresent() && !isNumber(list.get(0), first.get())) {
            fields.refuse(Violation.COMBINATION, name, "a list that begins with " + first.get());
        }
        if (descending.orElse(false) && !descends(list)) {
            fields.refuse(Violation.COMBINATION, name, "numbers of which each is below the one before it");
        }
    }

    private static boolean isNumber(JsonNode item, int wanted) {
        return item.isNumber() && item.doubleValue() == wanted;
    }

    private static boolean descends(JsonNode list) {
        return IntStream.range(1, list.size())
                .allMatch(i -> list.get(i - 1).floatValue() > list.get(i).floatValue());
    }

    private String size() {
        if (maxItems == Integer.MAX_VALUE) {
            return "a list";
        }
        return "a list of " + minItems + " to " + maxItems + " items";
    }

    @Override
    public String allowed() {
        return size() + ", each " + items.allowed()
                + contains.map(item -> ", that contains " + item).orElse("")
                + first.map(item -> ", that begins with " + item).orElse("")
                + (descending.orElse(false) ? ", each below the one before it" : "");
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Rule.schema("array").put("minItems", minItems).put("maxItems", maxItems);
        schema.set("items", items.schema());
        contains.ifPresent(item -> schema.set("contains", schema.objectNode().put("const", item)));
        return schema;
    }
}
