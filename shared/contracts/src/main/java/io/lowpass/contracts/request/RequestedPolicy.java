package io.lowpass.contracts.request;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Problems;
import io.lowpass.fields.policies.PolicyTable;
import io.lowpass.fields.policies.PolicyTable.Chosen;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The caching policy of a request, by the {@link PolicyTable}. */
final class RequestedPolicy {

    private static final String CACHE = "cache";

    private RequestedPolicy() {}

    /** The object {@code cache} of a request as settings, or nothing if something in it is refused. */
    static Optional<CacheSettings> resolve(Fields cache) {
        return PolicyTable.read(cache, false)
                .map(chosen -> new CacheSettings(chosen.name(), chosen.preset(), options(cache.json())));
    }

    /** Notes a number of steps of which the policy could leave none out: the sampler would refuse it, too. */
    static void checkSteps(Fields request, CacheSettings settings, int steps) {
        ObjectNode cache = EventJson.mapper().valueToTree(settings);
        Optional<Chosen> chosen = PolicyTable.read(new Fields(CACHE, cache, new Problems()), false);
        chosen.ifPresent(policy -> PolicyTable.checkSteps(request, policy, steps));
    }

    private static Map<String, Object> options(ObjectNode object) {
        Map<String, Object> options = new LinkedHashMap<>(
                EventJson.mapper().convertValue(object, new TypeReference<Map<String, Object>>() {}));
        options.remove("policy");
        options.remove("preset");
        return options;
    }
}
