package io.lowpass.fields.policies;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.fields.Field;
import io.lowpass.fields.FieldTable;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Rule;
import io.lowpass.fields.Values;
import io.lowpass.fields.Violation;
import io.lowpass.fields.Window;
import io.lowpass.fields.policies.PolicyTable.Chosen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row of the table: a caching policy.
 *
 * @param about what is said of it besides its presets and options
 * @param presets named sets of options, by name
 * @param options every option, by name
 */
public record Policy(About about, Map<String, Preset> presets, FieldTable options) {

    /** The preset that means what was measured on the model: its options are in the model's profile. */
    public static final String CALIBRATED = "calibrated";

    private static final String PRESET = "preset";
    private static final String WARM_UP = "warmUp";
    private static final String COMPUTE_MASK = "computeMask";

    /**
     * What is said of a policy.
     *
     * @param description what it does
     * @param minSteps the fewest denoising steps
     * @param defaultPreset the preset of a request that names none
     * @param isCalibrated whether a model's profile may hold its options
     * @param isPublished whether its presets are in a file of their own, with their source
     * @param exactlyOne options of which exactly one must be given
     * @param forbidden options that exclude each other
     * @param needs options that need another one
     * @param below options that must be below another one
     */
    public record About(
            String description,
            int minSteps,
            Optional<String> defaultPreset,
            @JsonProperty("calibrated") boolean isCalibrated,
            @JsonProperty("published") boolean isPublished,
            Optional<List<String>> exactlyOne,
            Optional<List<Combination>> forbidden,
            Optional<Map<String, String>> needs,
            Optional<Map<String, String>> below) {}

    static Policy of(String name, ObjectNode row) {
        About about = FieldTable.value(row, About.class);
        JsonNode presets = about.isPublished()
                ? FieldTable.resource(Policy.class, "presets/" + name + ".json", JsonNode.class)
                : row;
        Map<String, Preset> named = new LinkedHashMap<>();
        presets.path("presets")
                .properties()
                .forEach(preset -> named.put(preset.getKey(), FieldTable.value(preset.getValue(), Preset.class)));
        return new Policy(about, Collections.unmodifiableMap(named), FieldTable.of((ObjectNode) row.get("options")));
    }

    /** The names of all presets that a request may name. */
    public List<String> presetNames() {
        List<String> names = new ArrayList<>(presets.keySet());
        if (about.isCalibrated()) {
            names.add(CALIBRATED);
        }
        return names;
    }

    Chosen read(String name, Fields cache, boolean isWhole) {
        List<String> names = isWhole ? List.copyOf(presets.keySet()) : presetNames();
        List<String> known = new ArrayList<>(names.isEmpty() ? List.of("policy") : List.of("policy", PRESET));
        known.addAll(options.names());
        cache.allowOnly(known);
        Optional<String> preset =
                names.isEmpty() || !cache.has(PRESET) ? about.defaultPreset() : cache.oneOf(PRESET, names, "");
        Fields completed = cache.replacedBy(complete(cache, preset));
        options.checkKnown(completed);
        checkGiven(cache);
        about.forbidden().orElse(List.of()).forEach(combination -> combination.check(completed));
        checkOrder(completed);
        if (isWhole) {
            requireConstants(completed);
        }
        return new Chosen(name, this, preset, new Values(completed.json()));
    }

    /** Of what is calibrated, only the model's profile knows what the request leaves open. */
    private ObjectNode complete(Fields cache, Optional<String> preset) {
        ObjectNode merged = cache.json().objectNode();
        preset.map(presets::get)
                .map(Preset::options)
                .filter(options -> fits(options, cache))
                .ifPresent(merged::setAll);
        merged.setAll(cache.json());
        return preset.filter(CALIBRATED::equals).isPresent() ? merged : options.complete(merged);
    }

    /** Whether a preset's windows are in the unit that a request asks for; refuses another. */
    private boolean fits(ObjectNode preset, Fields cache) {
        boolean fits = true;
        for (Map.Entry<String, Field> unit : options.fields().entrySet()) {
            List<String> windows = options.fields().entrySet().stream()
                    .filter(option -> option.getValue().rule() instanceof Window window
                            && window.unitField().equals(unit.getKey()))
                    .map(Map.Entry::getKey)
                    .filter(window -> preset.has(window) && !cache.has(window))
                    .sorted()
                    .toList();
            JsonNode wanted = Optional.ofNullable(preset.get(unit.getKey()))
                    .or(unit.getValue().about()::otherwise)
                    .orElseGet(preset::nullNode);
            if (!windows.isEmpty()
                    && cache.has(unit.getKey())
                    && !cache.json().get(unit.getKey()).equals(wanted)) {
                String allowed = wanted.asText() + ", the unit of the preset's " + String.join(", ", windows);
                cache.refuse(Violation.COMBINATION, unit.getKey(), allowed);
                fits = false;
            }
        }
        return fits;
    }

    private void checkGiven(Fields cache) {
        List<String> alternatives = about.exactlyOne().orElse(List.of());
        if (!alternatives.isEmpty() && alternatives.stream().filter(cache::has).count() != 1) {
            cache.refuse(
                    Violation.COMBINATION, alternatives.get(0), "exactly one of " + String.join(", ", alternatives));
        }
        about.needs().orElse(Map.of()).forEach((option, other) -> {
            if (cache.has(option) && !cache.has(other)) {
                cache.refuse(Violation.COMBINATION, option, "only with " + other);
            }
        });
    }

    private void checkOrder(Fields completed) {
        about.below().orElse(Map.of()).forEach((option, other) -> {
            double limit = completed.find(other).map(JsonNode::asDouble).orElse(Double.POSITIVE_INFINITY);
            if (completed
                    .find(option)
                    .filter(value -> value.asDouble() >= limit)
                    .isPresent()) {
                completed.refuse(Violation.COMBINATION, option, "below " + other + ", which is " + Rule.plain(limit));
            }
        });
    }

    private void requireConstants(Fields completed) {
        options.fields().forEach((option, field) -> {
            if (field.isRequired()) {
                completed.requirePresent(option, field.rule().allowed());
            }
        });
    }

    /** What a number of steps may be instead, if the policy could leave none of so many out. */
    Optional<String> otherSteps(Chosen chosen, int steps) {
        Values values = chosen.values();
        if (steps < about.minSteps()) {
            return Optional.of(about.minSteps() + " or more with cache.policy " + chosen.name()
                    + ": of fewer, none can be left out");
        }
        if (values.has(WARM_UP) && values.integer(WARM_UP) >= steps) {
            return Optional.of("more than cache.warmUp, which is " + values.integer(WARM_UP));
        }
        if (values.integers("steps").stream().anyMatch(step -> step >= steps)) {
            return Optional.of("more than the largest of cache.steps");
        }
        int mask = values.integers(COMPUTE_MASK).size();
        return mask > 0 && mask != steps
                ? Optional.of("as many as cache.computeMask has values, which is " + mask)
                : Optional.empty();
    }
}
