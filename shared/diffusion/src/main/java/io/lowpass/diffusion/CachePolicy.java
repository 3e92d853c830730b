package io.lowpass.diffusion;

/**
 * The immutable settings of one caching method, validated when made, from which each generation gets its own
 * {@link FeatureCache}.
 */
@FunctionalInterface
public interface CachePolicy {

    /** Computes every step in full. */
    CachePolicy NONE = generation -> FeatureCache.NONE;

    /** Starts caching for one generation. */
    FeatureCache open(Generation generation);

    /**
     * Refuses a model on which the method would do nothing, or a schedule that it would only harm.
     *
     * @param steps number of denoising steps, of all experts together: one that has few of many reuses what it can
     * @throws IllegalArgumentException with the reason
     */
    default void requireFit(ModelOutline model, int steps) {}

    /**
     * The same method for the steps of one expert, where a model has several. Each expert's steps are a schedule of
     * their own with a cache of their own, so only a method whose settings name steps of the whole generation has
     * something to do here.
     */
    default CachePolicy within(StepRange steps) {
        return this;
    }
}
