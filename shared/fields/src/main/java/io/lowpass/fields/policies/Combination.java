package io.lowpass.fields.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Violation;
import java.util.Map;

/**
 * Options that exclude each other.
 *
 * @param together these values of these options
 * @param field the option that is refused then
 * @param allowed what it may be instead
 */
public record Combination(Map<String, JsonNode> together, String field, String allowed) {

    void check(Fields options) {
        boolean all = together.entrySet().stream()
                .allMatch(entry -> options.find(entry.getKey())
                        .filter(entry.getValue()::equals)
                        .isPresent());
        if (all) {
            options.refuse(Violation.COMBINATION, field, allowed);
        }
    }
}
