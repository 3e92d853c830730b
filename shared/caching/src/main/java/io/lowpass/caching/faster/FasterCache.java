package io.lowpass.caching.faster;

import io.lowpass.caching.Cadence;
import io.lowpass.caching.SettingChecks;
import io.lowpass.caching.StepWindow;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.SubLayer;
import java.util.EnumSet;
import java.util.Set;

/**
 * Extrapolates the outputs of self-attention, and reconstructs the unconditioned prediction from the conditioned one
 * and their last computed difference, kept in two frequency bands.
 *
 * <p>Attention is extrapolated only where the unconditioned branch does not run, as in diffusers: a step that runs both
 * measures their difference, which extrapolated attention would falsify. Without guidance there is no unconditioned
 * branch, so only attention is extrapolated.
 *
 * @param attention how often self-attention is computed
 * @param extrapolation how it is extrapolated in between
 * @param unconditioned how often the unconditioned branch runs
 * @param low factor for the low frequencies of the difference
 * @param high factor for the high frequencies
 * @param maskFraction radius of the low band, as a share of the smaller side of the latents
 */
public record FasterCache(
        Cadence attention,
        Extrapolation extrapolation,
        Cadence unconditioned,
        Boost low,
        Boost high,
        double maskFraction)
        implements CachePolicy {

    /** The radius of the reference. */
    public static final double REFERENCE_MASK = 0.2;

    /** The kinds of attention that are extrapolated; attention to the prompt always runs. */
    static final Set<SubLayer> SELF =
            Set.copyOf(EnumSet.of(SubLayer.SELF_ATTENTION, SubLayer.SPATIAL_ATTENTION, SubLayer.TEMPORAL_ATTENTION));

    /** Which outputs are extrapolated. */
    public enum PredictorHistory {
        /** The last two, extrapolated or computed, as in diffusers. */
        OUTPUTS,
        /** The last two computed ones, as in the authors' scripts. */
        COMPUTED
    }

    /**
     * How attention is extrapolated: {@code last + weight (last - previous)}.
     *
     * @param weight at the first extrapolated step
     * @param finalWeight at the last step; linear in between
     */
    public record Extrapolation(double weight, double finalWeight, PredictorHistory history) {

        public Extrapolation {
            if (!Double.isFinite(weight) || !Double.isFinite(finalWeight)) {
                throw new IllegalArgumentException(
                        "weight " + weight + ", finalWeight " + finalWeight + " are not finite numbers");
            }
        }
    }

    /**
     * The factor of a band of the difference. It is applied repeatedly, at each step that uses the difference, until
     * both branches run again.
     *
     * @param factor factor within the window; 1 outside
     */
    public record Boost(double factor, StepWindow window) {

        public Boost {
            SettingChecks.requireAtLeastZero("boost", factor);
        }
    }

    public FasterCache {
        if (!(maskFraction > 0 && maskFraction <= 1)) {
            throw new IllegalArgumentException("maskFraction " + maskFraction + " is not above 0 and at most 1");
        }
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireManySteps(steps);
        boolean isGuided = model.branches().size() > 1;
        boolean wantsAttention = attention.every() > 1;
        boolean wantsBranches = unconditioned.every() > 1;
        boolean sparesBranches = wantsBranches && isGuided;
        boolean sparesAttention = wantsAttention
                && (sparesBranches || !isGuided)
                && model.subLayers().stream().anyMatch(SELF::contains);
        if ((wantsAttention || wantsBranches) && !sparesBranches && !sparesAttention) {
            throw new IllegalArgumentException(
                    "fastercache: " + (isGuided ? allBranches() : noAttention(model.subLayers())));
        }
    }

    private String allBranches() {
        return "unconditionalEvery is 1, allowed is 2 or more: every step runs both branches, and attentionEvery "
                + attention.every() + " holds only where one of them does not run";
    }

    private String noAttention(Set<SubLayer> offered) {
        return "without guidance there is no unconditioned branch to reconstruct, and "
                + (attention.every() > 1
                        ? "this model has no self-attention to extrapolate; it offers " + offered
                        : "attentionEvery is 1");
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new FasterCacheSession(this, generation);
    }
}
