package io.lowpass.models.transformer;

import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.blocks.SubLayers;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * A sub-layer of a block, computed apart so that a cache may interpose.
 *
 * @param kind what caches call it
 * @param compute what it contributes, of the features before it
 * @param add adds the contribution to those features
 */
public record ResidualSubLayer(SubLayer kind, UnaryOperator<Features> compute, BinaryOperator<Features> add) {

    /** Runs sub-layers one after another. */
    public static Features run(SubLayers subLayers, Features input, List<ResidualSubLayer> all) {
        Features features = input;
        for (int i = 0; i < all.size(); i++) {
            ResidualSubLayer each = all.get(i);
            Features before = features;
            Features added = subLayers.apply(each.kind, () -> each.compute.apply(before));
            features = each.add.apply(before, added);
            if (i > 0) {
                before.free();
            }
        }
        return features;
    }
}
