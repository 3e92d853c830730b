package io.lowpass.fields.policies;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.fields.FieldTable;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Values;
import io.lowpass.fields.Violation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The caching policies that a request may name, with their presets and options: read from a resource. */
public final class PolicyTable {

    private static final String POLICY = "policy";
    private static final Map<String, Policy> POLICIES = read();

    private PolicyTable() {}

    /**
     * What a request asks for.
     *
     * @param name of the policy
     * @param policy its row
     * @param preset the named set of options, that of the policy if the request names none
     * @param values every option
     */
    public record Chosen(String name, Policy policy, Optional<String> preset, Values values) {}

    /** The policies by name. */
    public static Map<String, Policy> policies() {
        return POLICIES;
    }

    /**
     * Reads the object {@code cache} of a request: checks every option and adds those of the preset and the defaults.
     *
     * @param cache policy, preset and options
     * @param isWhole whether constants of the model must be there, which a request may leave to the model's profile
     * @return nothing if something was refused
     */
    public static Optional<Chosen> read(Fields cache, boolean isWhole) {
        int before = cache.problems().count();
        cache.requirePresent(POLICY, "one of " + String.join(", ", POLICIES.keySet()));
        Optional<String> name = cache.oneOf(POLICY, POLICIES.keySet(), "");
        Optional<Chosen> chosen = name.flatMap(
                known -> Optional.ofNullable(POLICIES.get(known)).map(policy -> policy.read(known, cache, isWhole)));
        return cache.problems().count() > before ? Optional.empty() : chosen;
    }

    private static Map<String, Policy> read() {
        ObjectNode rows = FieldTable.resource(PolicyTable.class, "cache-policies.json", ObjectNode.class);
        Map<String, Policy> policies = new LinkedHashMap<>();
        rows.properties()
                .forEach(row -> policies.put(row.getKey(), Policy.of(row.getKey(), (ObjectNode) row.getValue())));
        return Collections.unmodifiableMap(policies);
    }

    /** Notes a number of steps of which a policy could leave none out. */
    public static void checkSteps(Fields request, Chosen chosen, int steps) {
        chosen.policy()
                .otherSteps(chosen, steps)
                .ifPresent(allowed -> request.refuse(Violation.COMBINATION, "steps", allowed));
    }
}
