package io.lowpass.caching.pab;

import io.lowpass.caching.Cadence;
import io.lowpass.caching.Kept;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.Settings;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Features;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Site;
import io.lowpass.diffusion.Step;
import io.lowpass.diffusion.StepDecision;
import io.lowpass.diffusion.StepDecision.Action;
import io.lowpass.diffusion.SubLayer;
import io.lowpass.diffusion.Trajectory;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Takes an attention's output again for a few steps, in the middle of the trajectory, each kind of attention at its own
 * range: the steadier the kind, the longer.
 *
 * <p>What is kept is the output before its gate, as diffusers has it; the gate of the step is applied to it. Each branch
 * keeps its own. The reference keeps one state a layer whichever branch calls it, so with one call for each branch and a
 * range of 2 the unconditioned branch would always be given the conditioned one's output; that is not followed.
 *
 * @param attentions by kind of attention, how often it is computed; a kind that is not named always is
 * @param feedForward which feed-forward layers are taken again
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
        Settings.requireManySteps(steps);
        Set<SubLayer> known = model.subLayers();
        boolean attends = attentions.entrySet().stream()
                .anyMatch(kind -> kind.getValue().every() > 1 && known.contains(kind.getKey()));
        boolean feeds = known.contains(SubLayer.FEED_FORWARD)
                && feedForward.blocks().stream().anyMatch(block -> block < model.depth());
        boolean wants = attentions.values().stream().anyMatch(cadence -> cadence.every() > 1)
                || !feedForward.blocks().isEmpty();
        if (wants && !attends && !feeds) {
            throw new IllegalArgumentException("pab: this model of " + model.depth()
                    + " blocks has none of the sub-layers whose outputs would be taken again; it offers " + known);
        }
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private final class Session implements FeatureCache {

        private final Generation generation;
        private final Map<SubLayer, boolean[]> reused = new EnumMap<>(SubLayer.class);
        private final PerBranch<Map<Site, Kept>> outputs = new PerBranch<>(HashMap::new);
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
            Kept output = outputs.of(branch).computeIfAbsent(site, unmet -> new Kept(generation.memory()));
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
