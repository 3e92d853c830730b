package io.lowpass.caching.firstblock;

import io.lowpass.caching.dual.DualBlockCache;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;

/**
 * Runs the first block, and the others only if its residual has changed since they last ran: Dual Block Cache with one
 * block in front, none behind, and no limits. Each branch decides on its own.
 *
 * @param threshold relative change below which the others are replayed; 0 never reuses
 */
public record FirstBlockCache(double threshold) implements CachePolicy {

    public FirstBlockCache {
        oneInFront(threshold);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        if (model.depth() < 2) {
            throw new IllegalArgumentException("depth " + model.depth() + " leaves no block behind the first");
        }
        oneInFront(threshold).requireFit(model, steps);
    }

    @Override
    public FeatureCache open(Generation generation) {
        return oneInFront(threshold).open(generation);
    }

    private static DualBlockCache oneInFront(double threshold) {
        return new DualBlockCache(1, 0, threshold, DualBlockCache.ReuseLimits.NONE, DualBlockCache.Scope.MODEL);
    }
}
