package io.lowpass.lab.evaluate;

import io.lowpass.contracts.EventJson;
import io.lowpass.diffusion.CachePolicy;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All settings of a policy after completion: including constants from a model's profile, which may be recalibrated
 * between two runs, and the options of a preset.
 *
 * @param values plain values, in the order of the policy
 */
record ResolvedSettings(Map<String, Object> values) {

    private static final String TYPE = "type";

    /** The settings of a policy, which are the same for equal policies. */
    static ResolvedSettings of(CachePolicy policy) {
        return new ResolvedSettings(
                policy instanceof Record settings ? components(settings) : Map.of(TYPE, Entrant.UNCACHED));
    }

    /** Their digest. */
    String digest() {
        return Digest.of(EventJson.text(values));
    }

    private static Map<String, Object> components(Record settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(TYPE, settings.getClass().getSimpleName());
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            try {
                values.put(component.getName(), plain(component.getAccessor().invoke(settings)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("settings that cannot be read: " + component, e);
            }
        }
        return values;
    }

    private static Object plain(Object value) {
        if (value instanceof Record settings) {
            return components(settings);
        }
        if (value instanceof Optional<?> optional) {
            return optional.<Object>map(ResolvedSettings::plain).orElse("none");
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, entry) -> sorted.put(String.valueOf(key), plain(entry)));
            return sorted;
        }
        if (value instanceof Collection<?> collection) {
            return list(collection);
        }
        return value instanceof Integer || value instanceof Boolean || isFinite(value) ? value : String.valueOf(value);
    }

    private static boolean isFinite(Object value) {
        return value instanceof Double number && Double.isFinite(number);
    }

    /** Sets have no defined order, so they are sorted. */
    private static List<Object> list(Collection<?> values) {
        List<Object> plain = new ArrayList<>();
        (values instanceof Set<?> ? values.stream().sorted() : values.stream())
                .forEach(value -> plain.add(plain(value)));
        return plain;
    }
}
