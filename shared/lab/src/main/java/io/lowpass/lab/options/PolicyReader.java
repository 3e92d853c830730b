package io.lowpass.lab.options;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.cli.CacheOption;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import io.lowpass.diffusion.CachePolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Creates the caching policies of commands for one model, with its profiles, as the sampler does for jobs. */
public final class PolicyReader {

    private final ModelCachePolicies policies;
    private final List<String> judgedOn;

    private PolicyReader(ModelCachePolicies policies, List<String> judgedOn) {
        this.policies = policies;
        this.judgedOn = judgedOn;
    }

    /**
     * The reader for a model.
     *
     * @param model a diffusers folder, with its cache profiles beside it, if it has some
     * @throws IllegalArgumentException if their file cannot be understood
     */
    public static PolicyReader of(Path model) {
        return new PolicyReader(ModelCachePolicies.of(model), List.of());
    }

    /** A copy that warns of policies calibrated on the prompts of the evaluation. */
    public PolicyReader judgedOn(List<String> prompts) {
        return new PolicyReader(policies, List.copyOf(prompts));
    }

    /** The policies of the model. */
    public ModelCachePolicies policies() {
        return policies;
    }

    /**
     * The policy of settings.
     *
     * @param cache as {@link CacheOption#settings} gives them
     * @param conditions under what the policy will run
     * @param warnings told where a profile was made under conditions that differ, or with prompts that judge it
     * @throws IllegalArgumentException with every field that cannot be used
     */
    public CachePolicy read(ObjectNode cache, SamplingConditions conditions, Consumer<String> warnings) {
        CacheSettings settings = EventJson.mapper().convertValue(cache, CacheSettings.class);
        CachePolicy policy =
                policies.of(settings.policy(), settings.preset(), settings.options(), conditions, warnings);
        policies.profile(settings.policy(), settings.preset(), settings.options(), conditions)
                .map(profile -> Prompts.amongst(judgedOn, profile.prompts()))
                .filter(both -> !both.isEmpty())
                .ifPresent(both -> warnings.accept("the profile of " + settings.policy() + " was calibrated on "
                        + both.size() + " of these prompts, which biases the comparison: '" + String.join("', '", both)
                        + "'"));
        return policy;
    }
}
