package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The decision of the cache at one denoising step. Values that the method does not measure, or that are not finite (a
 * threshold that is not known yet), are absent.
 *
 * @param decision compute, reuse or forecast
 * @param reason the rule that decided
 * @param blocksSkipped blocks that were replayed within a computed step, by index
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record CacheDecision(
        String decision,
        String reason,
        OptionalDouble distance,
        OptionalDouble accumulated,
        OptionalDouble threshold,
        List<Integer> blocksSkipped) {

    public CacheDecision {
        distance = finite(distance);
        accumulated = finite(accumulated);
        threshold = finite(threshold);
        blocksSkipped = List.copyOf(blocksSkipped);
    }

    private static OptionalDouble finite(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble()) ? value : OptionalDouble.empty();
    }
}
