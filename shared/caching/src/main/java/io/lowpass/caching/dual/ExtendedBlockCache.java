package io.lowpass.caching.dual;

import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.StepRange;
import java.util.Optional;

/**
 * Dual Block Cache with what cache-dit offers beside it: steps that are computed in any case, and a forecast of what the
 * blocks in between add ("Taylor calibrator") instead of what they added last.
 *
 * <p>With a mask the warm-up has no say, as in the reference, where it ends with the mask's first zero at the latest. The
 * forecast has its slope from the second computed step on; the reference waits for the fourth step.
 *
 * @param blocks which blocks decide, and how
 * @param mask which steps are computed, if some are
 * @param taylorOrder of the forecast; 0 takes what was added last
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
