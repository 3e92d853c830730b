package io.lowpass.caching.settings;

import io.lowpass.diffusion.CachePolicy;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Values;
import io.lowpass.fields.policies.PolicyTable;
import io.lowpass.fields.policies.PolicyTable.Chosen;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes caching policies from the {@code cache} object of a request, by the {@link PolicyTable}. */
public final class CachePolicies {

    /** What makes a policy of checked and completed values. */
    private static final Map<String, Function<Values, CachePolicy>> POLICIES = Map.ofEntries(
            Map.entry("none", values -> CachePolicy.NONE),
            Map.entry("precise", PreciseSettings::precise),
            Map.entry("fixed", MethodSettings::fixed),
            Map.entry("teacache", MethodSettings::tea),
            Map.entry("easycache", MethodSettings::easy),
            Map.entry("magcache", MethodSettings::mag),
            Map.entry("firstblock", MethodSettings::firstBlock),
            Map.entry("dbcache", MethodSettings::dual),
            Map.entry("seacache", MethodSettings::sea),
            Map.entry("taylorseer", MethodSettings::taylor),
            Map.entry("pab", AttentionSettings::pab),
            Map.entry("fastercache", AttentionSettings::faster));

    private CachePolicies() {}

    /** The policies that can be made: those of the table. */
    public static Set<String> names() {
        return POLICIES.keySet();
    }

    /**
     * The policy of a request.
     *
     * @param name the policy
     * @param preset a named set of options that {@code options} refine
     * @param options the options by name, as JSON gives them
     * @throws io.lowpass.fields.InvalidFieldsException with every field that cannot be used
     */
    public static CachePolicy of(String name, Optional<String> preset, Map<String, ?> options) {
        Map<String, Object> cache = new LinkedHashMap<>(options);
        cache.put("policy", name);
        preset.ifPresent(named -> cache.put("preset", named));
        Problems problems = new Problems();
        Optional<Chosen> chosen = PolicyTable.read(Fields.of("cache", cache, problems), true);
        problems.requireNone("");
        return Objects.requireNonNull(POLICIES.get(name))
                .apply(chosen.orElseThrow().values());
    }
}
