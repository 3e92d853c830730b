package io.lowpass.diffusion;

import io.lowpass.diffusion.steps.StepRange;

/**
 * The immutable settings of one caching method, validated on construction. Each generation gets its own {@link
 * FeatureCache} from them.
 */
@FunctionalInterface
public interface CachePolicy {

    /** Computes every step in full. */
    CachePolicy NONE = generation -> FeatureCache.NONE;

    /** Creates the cache of one generation. */
    FeatureCache open(Generation generation);

    /**
     * Rejects a model on which the method would have no effect, or a schedule that it would only harm.
     *
     * @param steps number of denoising steps of all experts together: an expert with few steps among many may still
     *     reuse
     * @throws IllegalArgumentException with the reason
     */
    default void requireFit(ModelOutline model, int steps) {}

    /**
     * The policy for the steps of one expert, if a model has several. Each expert has a schedule and a cache of its
     * own, so only methods whose settings name steps of the whole generation override this.
     */
    default CachePolicy within(StepRange steps) {
        return this;
    }
}
