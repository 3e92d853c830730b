package io.lowpass.caching.settings;

import io.lowpass.caching.StepWindow;
import io.lowpass.caching.fixed.Fixed;
import io.lowpass.diffusion.CachePolicy;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Makes caching policies from the {@code cache} object of a request. */
public final class CachePolicies {

    @FunctionalInterface
    private interface Reader {

        /** Reads a method's options; empty if something was refused. */
        Optional<CachePolicy> read(Optional<String> preset, Options options);
    }

    private static final String WINDOW_UNIT = "windowUnit";

    private static final Map<String, Published> PUBLISHED = Map.of(
            "teacache", Published.of("teacache"),
            "magcache", Published.of("magcache"),
            "pab", Published.of("pab"),
            "fastercache", Published.of("fastercache"));

    private static final Map<String, Reader> READERS = Collections.unmodifiableMap(new TreeMap<>(Map.ofEntries(
            Map.entry("none", withoutPresets(options -> CachePolicy.NONE)),
            Map.entry("precise", PreciseSettings::read),
            Map.entry("fixed", CachePolicies::fixed),
            Map.entry("teacache", published("teacache", MethodSettings::tea)),
            Map.entry("easycache", withoutPresets(MethodSettings::easy)),
            Map.entry("magcache", published("magcache", MethodSettings::mag)),
            Map.entry("firstblock", withoutPresets(MethodSettings::firstBlock)),
            Map.entry("dbcache", withoutPresets(MethodSettings::dual)),
            Map.entry("seacache", withoutPresets(MethodSettings::sea)),
            Map.entry("taylorseer", withoutPresets(MethodSettings::taylor)),
            Map.entry("pab", published("pab", AttentionSettings::pab)),
            Map.entry("fastercache", published("fastercache", AttentionSettings::faster)))));

    private CachePolicies() {}

    /** The methods that a request can name. */
    public static Set<String> names() {
        return READERS.keySet();
    }

    /** The presets of a method; none if it has none, or is not known. */
    public static Set<String> presets(String name) {
        if (name.equals("precise")) {
            return PreciseSettings.presets();
        }
        return Optional.ofNullable(PUBLISHED.get(name)).map(Published::names).orElse(Set.of());
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

    /** A method whose presets are what was published for a checkpoint. */
    private static Reader published(String name, Function<Options, CachePolicy> reader) {
        Published published = Objects.requireNonNull(PUBLISHED.get(name));
        return (preset, options) -> {
            Optional<Map<String, Object>> found = preset.flatMap(published::options);
            if (preset.isPresent() && found.isEmpty()) {
                options.refuse("preset", preset.get(), "one of " + String.join(", ", published.names()));
            }
            return Optional.of(reader.apply(
                    options.over(found.filter(values -> fits(values, options)).orElse(Map.of()))));
        };
    }

    /** Whether a preset's windows are in the unit that a request asks for; refuses another. */
    private static boolean fits(Map<String, Object> preset, Options options) {
        Set<String> windows = new TreeSet<>(preset.keySet());
        windows.removeIf(name -> !name.endsWith("Window") || options.has(name));
        Object unit = preset.getOrDefault(WINDOW_UNIT, Options.label(StepWindow.Unit.TIMESTEP));
        Optional<Object> asked = options.find(WINDOW_UNIT).filter(given -> !given.equals(unit));
        if (windows.isEmpty() || asked.isEmpty()) {
            return true;
        }
        options.refuse(WINDOW_UNIT, asked.get(), unit + ", the unit of the preset's " + String.join(", ", windows));
        return false;
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
