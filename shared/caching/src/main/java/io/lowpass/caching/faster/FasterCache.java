package io.lowpass.caching.faster;

import io.lowpass.caching.Cadence;
import io.lowpass.caching.SettingChecks;
import io.lowpass.caching.StepWindow;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.SubLayer;
import java.util.EnumSet;
import java.util.Set;

/**
 * Extrapolates the outputs of self-attention, and makes up the unconditioned prediction from the conditioned one and the
 * difference of the two when both last ran, kept in two bands of frequency.
 *
 * <p>Attention is extrapolated only where the unconditioned branch does not run, as in diffusers: a step that runs both
 * measures their difference, which extrapolated attention would falsify. Without guidance there is no second branch to
 * spare, so attention alone is left.
 *
 * @param attention how often self-attention is computed
 * @param extrapolation how it is made up in between
 * @param unconditioned how often the unconditioned branch runs
 * @param low what becomes of the low frequencies of the difference
 * @param high what becomes of the high ones
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

    /** From which outputs attention is extrapolated. */
    public enum PredictorHistory {
        /** The last two, made up or computed, as in diffusers. */
        OUTPUTS,
        /** The last two that were computed, as in the authors' scripts. */
        COMPUTED
    }

    /**
     * How an attention is made up: {@code last + weight (last - the one before)}.
     *
     * @param weight at the first step that makes one up
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
     * What a band of the difference is multiplied by at each step that uses it, again and again until both branches run.
     *
     * @param factor within the window; outside it is 1
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
        return "without guidance there is no unconditioned branch to make up, and "
                + (attention.every() > 1
                        ? "this model has no self-attention to extrapolate; it offers " + offered
                        : "attentionEvery is 1");
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new FasterCacheSession(this, generation);
    }
}
