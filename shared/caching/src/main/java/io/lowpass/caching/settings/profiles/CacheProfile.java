package io.lowpass.caching.settings.profiles;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Options of one method that were measured on a model.
 *
 * @param method as requests name it
 * @param options as a request would give them
 * @param conditions the conditions under which they were measured
 * @param calibration how they were measured: prompts, seeds, quality of the fit, target; for information only
 */
public record CacheProfile(
        @JsonProperty(value = "method", required = true) String method,
        @JsonProperty(value = "options", required = true) Map<String, Object> options,
        @JsonProperty(value = "conditions", required = true) SamplingConditions conditions,

        @JsonProperty(value = "calibration", required = true)
        Map<String, Object> calibration) {

    private static final String RETENTION = "retention";
    private static final String SIGNAL = "signal";

    public CacheProfile {
        if (method.isBlank() || options.isEmpty()) {
            throw new IllegalArgumentException("profile of method '" + method + "' needs method and options");
        }
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        calibration = Collections.unmodifiableMap(new LinkedHashMap<>(calibration));
    }

    /** Whether the options are for the variant of the method that a request asks for. */
    boolean suits(Map<String, ?> request) {
        boolean sameMode = isOn(request, RETENTION) == isOn(options, RETENTION);
        return sameMode && (!request.containsKey(SIGNAL) || Objects.equals(request.get(SIGNAL), options.get(SIGNAL)));
    }

    /** Whether another is for the same variant of the method under the same conditions. */
    boolean isReplacedBy(CacheProfile other) {
        return method.equals(other.method)
                && conditions.equals(other.conditions)
                && isOn(options, RETENTION) == isOn(other.options, RETENTION)
                && Objects.equals(options.get(SIGNAL), other.options.get(SIGNAL));
    }

    /** The prompts of the calibration, which an evaluation should not reuse. */
    public List<String> prompts() {
        return calibration.get("prompts") instanceof List<?> prompts
                ? prompts.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Whether an option is a flag that is set; a number of the same name does not count. */
    private static boolean isOn(Map<String, ?> options, String name) {
        return Boolean.TRUE.equals(options.get(name));
    }
}
