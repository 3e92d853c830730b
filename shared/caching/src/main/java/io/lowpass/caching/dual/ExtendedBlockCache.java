package io.lowpass.caching.dual;

import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.steps.StepRange;
import java.util.Optional;

/**
 * Dual Block Cache with two extensions of cache-dit: steps that are always computed, and a forecast of the residual of
 * the blocks in between ("Taylor calibrator") instead of replaying it.
 *
 * <p>With a mask the warm-up is ignored, as in the reference, where it ends at the latest with the mask's first zero.
 * The forecast uses its slope from the second computed step on; the reference waits for the fourth step.
 *
 * @param blocks settings of Dual Block Cache
 * @param mask which steps are computed, if given
 * @param taylorOrder order of the forecast; 0 replays the last residual
 */
public record ExtendedBlockCache(DualBlockCache blocks, Optional<StepMask> mask, int taylorOrder)
        implements CachePolicy {

    /** The highest order of a forecast. */
    public static final int HIGHEST_ORDER = 4;

    public ExtendedBlockCache {
        SettingChecks.requireAtLeast("taylorOrder", taylorOrder, 0);
        if (taylorOrder > HIGHEST_ORDER) {
            throw new IllegalArgumentException("taylorOrder " + taylorOrder + " is above " + HIGHEST_ORDER);
        }
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        mask.ifPresentOrElse(
                marked -> {
                    SettingChecks.requireManySteps(steps);
                    marked.requireFit(steps);
                },
                () -> blocks.requireStepsAfterWarmUp(steps));
        blocks.requireBlocksBetween(model);
    }

    @Override
    public CachePolicy within(StepRange steps) {
        return new ExtendedBlockCache(blocks, mask.map(whole -> whole.within(steps)), taylorOrder);
    }

    @Override
    public FeatureCache open(Generation generation) {
        return blocks.open(generation, mask, taylorOrder);
    }
}
