package io.lowpass.caching.settings;

import io.lowpass.caching.fixed.Fixed;
import io.lowpass.diffusion.CachePolicy;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes caching policies from the {@code cache} object of a request. */
public final class CachePolicies {

    @FunctionalInterface
    private interface Reader {

        /** Reads a method's options; empty if something was refused. */
        Optional<CachePolicy> read(Optional<String> preset, Options options);
    }

    private static final Map<String, Reader> READERS = Collections.unmodifiableMap(new TreeMap<>(Map.of(
            "none", withoutPresets(options -> CachePolicy.NONE),
            "precise", PreciseSettings::read,
            "fixed", CachePolicies::fixed,
            "teacache", withoutPresets(MethodSettings::tea),
            "easycache", withoutPresets(MethodSettings::easy),
            "magcache", withoutPresets(MethodSettings::mag),
            "firstblock", withoutPresets(MethodSettings::firstBlock),
            "dbcache", withoutPresets(MethodSettings::dual),
            "seacache", withoutPresets(MethodSettings::sea),
            "taylorseer", withoutPresets(MethodSettings::taylor))));

    private CachePolicies() {}

    /** The methods that a request can name. */
    public static Set<String> names() {
        return READERS.keySet();
    }

    /**
     * The policy of a request.
     *
     * @param name the method
     * @param preset a named set of options that {@code options} refine
     * @param options the options by name, as JSON gives them
     * @throws InvalidCacheSettingsException with every field that cannot be used
     */
    public static CachePolicy of(String name, Optional<String> preset, Map<String, ?> options) {
        Options read = new Options("cache", options);
        Reader reader = READERS.get(name);
        if (reader == null) {
            read.refuse("policy", name, "one of " + String.join(", ", names()));
            read.requireNoProblems();
            throw new IllegalStateException("unreachable: a problem was just reported");
        }
        Optional<CachePolicy> policy = reader.read(preset, read);
        read.requireNoOthers();
        read.requireNoProblems();
        return policy.orElseThrow();
    }

    private static Reader withoutPresets(Function<Options, CachePolicy> reader) {
        return (preset, options) -> {
            refusePreset(preset, options);
            return Optional.of(reader.apply(options));
        };
    }

    private static void refusePreset(Optional<String> preset, Options options) {
        preset.ifPresent(given -> options.refuse("preset", given, "known: this policy has none"));
    }

    private static Optional<CachePolicy> fixed(Optional<String> preset, Options options) {
        refusePreset(preset, options);
        Set<Integer> steps = options.integers("steps");
        int every = options.integer("every", 0, 1);
        if (options.has("steps") == options.has("every")) {
            options.refuse("steps", steps, "given alone: either steps or every");
            return Optional.empty();
        }
        if (options.has("steps") && !steps.contains(0)) {
            options.refuse("steps", steps, "a list with 0: before the first computed step there is nothing to reuse");
            return Optional.empty();
        }
        if (options.has("every") && every == 0) {
            return Optional.empty();
        }
        return Optional.of(new Fixed(steps, every));
    }
}
