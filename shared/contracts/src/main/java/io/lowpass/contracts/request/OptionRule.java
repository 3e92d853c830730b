package io.lowpass.contracts.request;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** What one option of a caching method may be. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OptionRule.Finite.class, name = "number"),
    @JsonSubTypes.Type(value = OptionRule.Whole.class, name = "integer"),
    @JsonSubTypes.Type(value = OptionRule.Flag.class, name = "boolean"),
    @JsonSubTypes.Type(value = OptionRule.Choice.class, name = "choice"),
    @JsonSubTypes.Type(value = OptionRule.Items.class, name = "list"),
    @JsonSubTypes.Type(value = OptionRule.Group.class, name = "object")
})
sealed interface OptionRule {

    /** Notes what is wrong with the option, if it is given. */
    void check(Fields fields, String name);

    /**
     * A finite number.
     *
     * @param minExcluded whether the smallest value itself is too small
     * @param maxExcluded whether the largest value itself is too large
     */
    record Finite(double min, double max, Optional<Boolean> minExcluded, Optional<Boolean> maxExcluded)
            implements OptionRule {
        @Override
        public void check(Fields fields, String name) {
            boolean above = minExcluded.orElse(false);
            boolean below = maxExcluded.orElse(false);
            String allowed = "a number " + (above ? "above " : "from ") + Fields.plain(min)
                    + (below ? " to below " : " to ") + Fields.plain(max);
            fields.number(name, above ? Math.nextUp(min) : min, below ? Math.nextDown(max) : max, allowed);
        }
    }

    /** A whole number. */
    record Whole(long min, long max) implements OptionRule {
        @Override
        public void check(Fields fields, String name) {
            fields.integer(name, min, max);
        }
    }

    /** True or false. */
    record Flag() implements OptionRule {
        @Override
        public void check(Fields fields, String name) {
            if (fields.find(name).filter(value -> !value.isBoolean()).isPresent()) {
                fields.refuse(Problem.TYPE, name, "true or false");
            }
        }
    }

    /** One of some words. */
    record Choice(List<String> allowed) implements OptionRule {
        @Override
        public void check(Fields fields, String name) {
            fields.oneOf(name, allowed, "");
        }
    }

    /**
     * A list whose items keep one rule.
     *
     * @param contains an item that the list must have
     * @param first the item that it must begin with
     * @param ascending whether no item may be below the one before it
     */
    record Items(
            OptionRule items,
            int minItems,
            int maxItems,
            Optional<Integer> contains,
            Optional<Integer> first,
            Optional<Boolean> ascending)
            implements OptionRule {
        @Override
        public void check(Fields fields, String name) {
            Optional<JsonNode> list = fields.find(name);
            if (list.isEmpty()) {
                return;
            }
            if (!list.get().isArray()) {
                fields.refuse(Problem.TYPE, name, "a list");
                return;
            }
            if (list.get().size() < minItems || list.get().size() > maxItems) {
                fields.refuse(Problem.RANGE, name, "a list of " + minItems + " to " + maxItems + " items");
                return;
            }
            checkOrder(fields, name, list.get());
            ObjectNode byPlace = JsonNodeFactory.instance.objectNode();
            list.get().forEach(item -> byPlace.set(Integer.toString(byPlace.size()), item));
            Fields inner = fields.within(name, byPlace);
            byPlace.fieldNames().forEachRemaining(place -> items.check(inner, place));
        }

        private void checkOrder(Fields fields, String name, JsonNode list) {
            if (contains.isPresent() && !holds(list, contains.get())) {
                fields.refuse(Problem.COMBINATION, name, "a list that contains " + contains.get());
            }
            if (first.isPresent() && !isNumber(list.get(0), first.get())) {
                fields.refuse(Problem.COMBINATION, name, "a list that begins with " + first.get());
            }
            if (ascending.orElse(false) && !ascends(list)) {
                fields.refuse(Problem.COMBINATION, name, "ascending numbers");
            }
        }

        private static boolean holds(JsonNode list, int wanted) {
            return StreamSupport.stream(list.spliterator(), false).anyMatch(item -> isNumber(item, wanted));
        }

        private static boolean isNumber(JsonNode item, int wanted) {
            return item.isNumber() && item.doubleValue() == wanted;
        }

        private static boolean ascends(JsonNode list) {
            return IntStream.range(1, list.size())
                    .allMatch(i -> list.get(i - 1).doubleValue() <= list.get(i).doubleValue());
        }
    }

    /** An object with options of its own. */
    record Group(Map<String, OptionRule> options) implements OptionRule {
        @Override
        public void check(Fields fields, String name) {
            fields.object(name).ifPresent(object -> {
                Fields inner = fields.within(name, object);
                inner.allowOnly(options.keySet());
                options.forEach((option, rule) -> rule.check(inner, option));
            });
        }
    }
}
