package io.lowpass.fields;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Two numbers, of which the second is not below the first, around a part of a schedule: times of a model, or shares of
 * the steps.
 *
 * @param unitField the field beside it that says which: {@value #STEP_FRACTION}, or else times
 */
public record Window(@JsonProperty("unit") String unitField) implements Rule {

    /** The unit that means shares of the steps. */
    public static final String STEP_FRACTION = "stepFraction";

    /** The largest time of a model. */
    private static final int LAST_TIME = 1000;

    /**
     * Whether two numbers are bounds: finite, ascending and, so that those of the other unit are not taken for an empty
     * window, within the shares of a whole, or with a time between them.
     *
     * @param shares whether they are shares of the steps, or else times
     */
    public static boolean isAllowed(double low, double high, boolean shares) {
        if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            return false;
        }
        return shares ? low >= 0 && high <= 1 : Math.max(0, Math.floor(low) + 1) < Math.min(high, LAST_TIME + 1.0);
    }

    /** What bounds may be, in words; as {@link #isAllowed}. */
    public static String allowed(boolean shares) {
        return shares
                ? "two ascending numbers of 0 to 1, shares of the steps"
                : "two ascending numbers with a whole number of 0 to " + LAST_TIME + ", a timestep, between them";
    }

    /** A default, which tables have as times, in the unit that an object asks for: shares are those of even times. */
    JsonNode inUnit(JsonNode times, ObjectNode object) {
        if (!isInShares(Optional.ofNullable(object.get(unitField)))) {
            return times;
        }
        ArrayNode shares = object.arrayNode();
        return shares.add(Math.max(0, 1 - times.get(1).doubleValue() / LAST_TIME))
                .add(Math.min(1, 1 - times.get(0).doubleValue() / LAST_TIME));
    }

    private static boolean isInShares(Optional<JsonNode> unit) {
        return unit.filter(given -> STEP_FRACTION.equals(given.textValue())).isPresent();
    }

    @Override
    public void check(Fields fields, String name) {
        boolean shares = isInShares(fields.find(unitField));
        fields.find(name).filter(value -> !holds(value, shares)).ifPresent(value -> {
            boolean numbers =
                    value.isArray() && value.size() == 2 && value.valueStream().allMatch(JsonNode::isNumber);
            fields.refuse(numbers ? Violation.COMBINATION : Violation.TYPE, name, "a list of " + allowed(shares));
        });
    }

    private static boolean holds(JsonNode value, boolean shares) {
        return value.isArray()
                && value.size() == 2
                && value.valueStream().allMatch(JsonNode::isNumber)
                && isAllowed(value.get(0).doubleValue(), value.get(1).doubleValue(), shares);
    }

    @Override
    public String allowed() {
        return "a list of " + allowed(false) + "; with " + unitField + " " + STEP_FRACTION + ", " + allowed(true);
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Rule.schema("array").put("minItems", 2).put("maxItems", 2);
        schema.set("items", Rule.schema("number"));
        return schema;
    }
}
