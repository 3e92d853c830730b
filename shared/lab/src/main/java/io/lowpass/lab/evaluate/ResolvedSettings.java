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
 * Everything that a policy was made with, whatever was left open when it was named: constants of a model's profile, which
 * may be measured anew between two calls, and what a preset stands for.
 *
 * @param values as plain ones, in the order of the policy's own
 */
record ResolvedSettings(Map<String, Object> values) {

    private static final String TYPE = "type";

    /** The settings of a policy, which are the same for equal policies. */
    static ResolvedSettings of(CachePolicy policy) {
        return new ResolvedSettings(
                policy instanceof Record settings ? components(settings) : Map.of(TYPE, Entrant.UNCACHED));
    }

    /** A name for them. */
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

    /** Sets have no order of their own, and another in each process. */
    private static List<Object> list(Collection<?> values) {
        List<Object> plain = new ArrayList<>();
        (values instanceof Set<?> ? values.stream().sorted() : values.stream())
                .forEach(value -> plain.add(plain(value)));
        return plain;
    }
}
