package io.lowpass.contracts.request;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The caching methods that a request may name, with their presets and options: a table, read from a resource. */
public final class CachePolicies {

    /** Methods by name. */
    private static final Map<String, Method> METHODS = read();

    private CachePolicies() {}

    /** The names of the methods. */
    public static List<String> names() {
        return List.copyOf(METHODS.keySet());
    }

    /** The object {@code cache} of a request as settings, or nothing if the problems say why. */
    static Optional<CacheSettings> resolve(Fields cache, ObjectNode object, Problems problems) {
        int before = problems.count();
        if (cache.find("policy").isEmpty()) {
            cache.refuse(Problem.REQUIRED, "policy", "one of " + String.join(", ", METHODS.keySet()));
        }
        Optional<String> policy = cache.oneOf("policy", METHODS.keySet(), "");
        if (policy.isEmpty()) {
            return Optional.empty();
        }
        Method method = Objects.requireNonNull(METHODS.get(policy.get()));
        List<String> known = new ArrayList<>(List.of("policy"));
        if (!method.presets().isEmpty()) {
            known.add("preset");
        }
        known.addAll(method.options().keySet());
        cache.allowOnly(known);
        Optional<String> preset =
                cache.find("preset").isPresent() && !method.presets().isEmpty()
                        ? cache.oneOf("preset", method.presets(), "")
                        : method.defaultPreset();
        method.options().forEach((name, rule) -> rule.check(cache, name));
        checkExactlyOne(cache, method.exactlyOne());
        method.forbidden().forEach(forbidden -> forbidden.check(cache));
        method.checkPairs(cache);
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(new CacheSettings(policy.get(), preset, options(object)));
    }

    /**
     * Notes numbers of steps of which nothing would be left to save: the sampler would refuse them, too.
     *
     * @param request the whole
     */
    static void checkSteps(Fields request, CacheSettings settings, int steps) {
        int fewest = Objects.requireNonNull(METHODS.get(settings.policy())).minSteps();
        if (steps < fewest) {
            request.refuse(
                    Problem.COMBINATION,
                    "steps",
                    fewest + " or more with cache.policy " + settings.policy() + ": of fewer, none can be left out");
        } else if (settings.options().get("warmUp") instanceof Number warmUp && warmUp.intValue() >= steps) {
            request.refuse(Problem.COMBINATION, "steps", "more than cache.warmUp, which is " + warmUp);
        } else if (settings.options().get("steps") instanceof List<?> listed
                && listed.stream().anyMatch(step -> step instanceof Number number && number.intValue() >= steps)) {
            request.refuse(Problem.COMBINATION, "steps", "more than the largest of cache.steps");
        } else if (settings.options().get("computeMask") instanceof List<?> mask && mask.size() != steps) {
            request.refuse(
                    Problem.COMBINATION, "steps", "as many as cache.computeMask has values, which is " + mask.size());
        }
    }

    private static void checkExactlyOne(Fields cache, List<String> names) {
        long given = names.stream().filter(name -> cache.find(name).isPresent()).count();
        if (!names.isEmpty() && given != 1) {
            cache.refuse(Problem.COMBINATION, names.get(0), "exactly one of " + String.join(", ", names));
        }
    }

    private static Map<String, Object> options(ObjectNode object) {
        Map<String, Object> options = new LinkedHashMap<>(
                EventJson.mapper().convertValue(object, new TypeReference<Map<String, Object>>() {}));
        options.remove("policy");
        options.remove("preset");
        return options;
    }

    private static Map<String, Method> read() {
        JsonNode table = EventJson.read(Resource.text("cache-policies.json"), JsonNode.class);
        Map<String, Method> methods = new LinkedHashMap<>();
        table.properties()
                .forEach(entry ->
                        methods.put(entry.getKey(), EventJson.mapper().convertValue(entry.getValue(), Method.class)));
        return methods;
    }

    /**
     * A row of the table.
     *
     * @param presets the named sets of options
     * @param defaultPreset the one that a request means which names none
     * @param minSteps the fewest denoising steps
     * @param options what may refine it
     * @param exactlyOne options of which exactly one must be given
     * @param forbidden options that exclude each other
     * @param needs options that say nothing without another one
     * @param below options that must be below another one, where both are given
     */
    record Method(
            List<String> presets,
            Optional<String> defaultPreset,
            int minSteps,
            Map<String, OptionRule> options,
            List<String> exactlyOne,
            List<Forbidden> forbidden,
            Optional<Map<String, String>> needs,
            Optional<Map<String, String>> below) {

        void checkPairs(Fields cache) {
            needs.orElse(Map.of()).forEach((name, other) -> {
                if (cache.find(name).isPresent() && cache.find(other).isEmpty()) {
                    cache.refuse(Problem.COMBINATION, name, "only with " + other);
                }
            });
            below.orElse(Map.of()).forEach((name, other) -> {
                double most = cache.find(other).map(JsonNode::asDouble).orElse(Double.POSITIVE_INFINITY);
                if (cache.find(name).filter(value -> value.asDouble() >= most).isPresent()) {
                    cache.refuse(Problem.COMBINATION, name, "below " + other + ", which is " + Fields.plain(most));
                }
            });
        }
    }

    /**
     * Options that exclude each other.
     *
     * @param together these values of these options
     * @param field the option that is refused then
     * @param allowed what it may be instead
     */
    record Forbidden(Map<String, JsonNode> together, String field, String allowed) {

        void check(Fields cache) {
            boolean all = together.entrySet().stream()
                    .allMatch(entry -> cache.find(entry.getKey())
                            .filter(entry.getValue()::equals)
                            .isPresent());
            if (all) {
                cache.refuse(Problem.COMBINATION, field, allowed);
            }
        }
    }
}
