package io.lowpass.caching.pab;

import io.lowpass.caching.Cadence;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reuses the output of attention for a few steps in the middle of the trajectory, with a range for each kind of
 * attention: the more stable the kind, the longer.
 *
 * <p>The kept output is the one before its gate, as in diffusers; the gate of the current step is applied. Each branch
 * keeps its own. The reference keeps one state per layer for all branches, so with one call per branch and a range of 2
 * the unconditioned branch would always receive the conditioned one's output; this is not reproduced.
 *
 * @param attentions how often each kind of attention is computed; kinds not listed are always computed
 * @param feedForward which feed-forward layers are reused
 */
public record PyramidAttentionBroadcast(Map<SubLayer, Cadence> attentions, FeedForwardBroadcast feedForward)
        implements CachePolicy {

    public PyramidAttentionBroadcast {
        attentions = attentions.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(attentions));
        if (attentions.containsKey(SubLayer.FEED_FORWARD)) {
            throw new IllegalArgumentException("attentions name FEED_FORWARD, which is no attention");
        }
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireManySteps(steps);
        Set<SubLayer> known = model.subLayers();
        boolean attends = attentions.entrySet().stream()
                .anyMatch(kind -> kind.getValue().every() > 1 && known.contains(kind.getKey()));
        boolean feeds = known.contains(SubLayer.FEED_FORWARD)
                && feedForward.blocks().stream().anyMatch(block -> block < model.depth());
        boolean wants = attentions.values().stream().anyMatch(cadence -> cadence.every() > 1)
                || !feedForward.blocks().isEmpty();
        if (wants && !attends && !feeds) {
            throw new IllegalArgumentException("pab: this model of " + model.depth()
                    + " blocks has none of the sub-layers whose outputs would be reused; it offers " + known);
        }
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private final class Session implements FeatureCache {

        private final Generation generation;
        private final Map<SubLayer, boolean[]> reused = new EnumMap<>(SubLayer.class);
        private final PerBranch<Map<Site, KeptFeatures>> outputs = new PerBranch<>(HashMap::new);
        private int lastReuse = -1;

        Session(Generation generation) {
            this.generation = generation;
            Trajectory trajectory = generation.trajectory();
            attentions.forEach((kind, cadence) -> reused.put(kind, reused(cadence, trajectory)));
            reused.put(SubLayer.FEED_FORWARD, feedForward.reused(trajectory));
        }

        private boolean[] reused(Cadence cadence, Trajectory trajectory) {
            boolean[] steps = new boolean[trajectory.steps()];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = cadence.isReused(trajectory.step(i));
            }
            return steps;
        }

        @Override
        public Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
            KeptFeatures output =
                    outputs.of(branch).computeIfAbsent(site, unmet -> new KeptFeatures(generation.memory()));
            if (isReused(site, step.index()) && !output.isEmpty()) {
                lastReuse = step.index();
                return output.get();
            }
            Features computed = compute.get();
            if (isReused(site, step.index() + 1)) {
                return output.set(computed);
            }
            output.free();
            return computed;
        }

        private boolean isReused(Site site, int index) {
            if (site.subLayer() == SubLayer.FEED_FORWARD
                    && !feedForward.blocks().contains(site.block())) {
                return false;
            }
            boolean[] steps = reused.get(site.subLayer());
            return steps != null && index < steps.length && steps[index];
        }

        @Override
        public boolean worksOnSubLayers() {
            return true;
        }

        @Override
        public StepDecision decision(Step step) {
            return lastReuse == step.index()
                    ? StepDecision.of(Action.REUSE, "broadcast")
                    : StepDecision.computed("schedule");
        }
    }
}
