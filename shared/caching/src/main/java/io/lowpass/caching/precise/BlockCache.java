package io.lowpass.caching.precise;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.Norms;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.BlockDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs the blocks that change their input most, and replays the residuals of the others (section 3.3 of the paper).
 *
 * <p>A refresh runs and measures all blocks; up to {@code reuse} computed steps then skip the blocks with the smallest
 * residuals; then the next refresh follows (A24). Between steps it keeps one set of tokens per skipped block and
 * branch.
 *
 * @param cachedFraction share of the blocks that are skipped, rounded down (A23)
 * @param reuse number of computed steps that skip blocks between two refreshes; 0 never skips
 * @param warmUp number of steps at the start that run all blocks (A24)
 * @param sets which blocks are skipped (A29)
 */
public record BlockCache(double cachedFraction, int reuse, int warmUp, Sets sets) implements CachePolicy {

    /** Which blocks are skipped (A29). */
    public enum Sets {
        /** The blocks with the smallest residuals in the conditioned branch, for both branches. */
        SHARED,
        /** The blocks with the smallest residuals in each branch. */
        PER_BRANCH
    }

    public BlockCache {
        if (!(cachedFraction >= 0 && cachedFraction < 1)) {
            throw new IllegalArgumentException("cachedFraction " + cachedFraction + " is not at least 0 and below 1");
        }
        if (reuse < 0) {
            throw new IllegalArgumentException("reuse " + reuse + " is not at least 0");
        }
        if (warmUp < 1) {
            throw new IllegalArgumentException("warmUp " + warmUp + " is not at least 1");
        }
    }

    /** The paper's settings with the given share and reuse. */
    public BlockCache(double cachedFraction, int reuse) {
        this(cachedFraction, reuse, LFCache.PAPER_WARM_UP, Sets.SHARED);
    }

    /** How many of a model's blocks are skipped. */
    public int skippedOf(int depth) {
        return (int) Math.floor(cachedFraction * depth);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireManySteps(steps);
        if (cachedFraction > 0 && skippedOf(model.depth()) == 0) {
            throw new IllegalArgumentException(
                    "cachedFraction " + cachedFraction + " of " + model.depth() + " blocks is less than one");
        }
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    /** Frees the input of a block, so that a pass holds no more than it needs; the embedded tokens stay. */
    private static void freeBetween(int block, Features in) {
        if (block > 0) {
            in.free();
        }
    }

    private final class Session implements FeatureCache {

        private final NDManager memory;
        private final int skipped;
        private final PerBranch<Residuals> residuals;
        private int decided = -1;
        private boolean refreshing;
        private int reused;
        private BlockDecision done = new BlockDecision(true, List.of(), List.of(), List.of());

        Session(Generation generation) {
            memory = generation.memory();
            skipped = skippedOf(generation.model().depth());
            residuals = new PerBranch<>(() -> new Residuals(memory));
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            boolean first = decided != step.index();
            if (first) {
                refreshing = isRefresh(step);
                reused = refreshing ? 0 : reused + 1;
                decided = step.index();
            }
            Residuals kept = residuals.of(branch);
            if (!refreshing) {
                done = first ? new BlockDecision(false, kept.blocks(), List.of(), List.of()) : done;
                return replay(stack, kept);
            }
            return first ? choose(stack, kept) : follow(stack, kept);
        }

        private boolean isRefresh(Step step) {
            return step.index() < warmUp || skipped == 0 || reused >= reuse;
        }

        private Features choose(BlockStack stack, Residuals kept) {
            List<Double> norms = new ArrayList<>();
            Features out = kept.measureAll(stack, skipped, norms);
            done = new BlockDecision(true, List.of(), List.copyOf(norms), kept.blocks());
            return out;
        }

        private Features follow(BlockStack stack, Residuals kept) {
            return sets == Sets.SHARED
                    ? kept.measure(stack, Set.copyOf(done.nextSkipped()))
                    : kept.measureAll(stack, skipped, new ArrayList<>());
        }

        private Features replay(BlockStack stack, Residuals kept) {
            Features features = stack.input();
            for (int i = 0; i < stack.depth(); i++) {
                Features next = kept.has(i) ? features.plus(kept.of(i)) : stack.run(i, i + 1, features);
                freeBetween(i, features);
                features = next;
            }
            return features;
        }

        @Override
        public StepDecision decision(Step step) {
            return StepDecision.computed(step.index() < warmUp ? "warm-up" : "blocks")
                    .withBlocks(done);
        }
    }

    /** Residuals of the blocks of one branch that will be skipped. */
    private static final class Residuals {

        private record Residual(int block, double norm, Features added) {}

        private final NDManager memory;
        private final List<Residual> kept = new ArrayList<>();

        Residuals(NDManager memory) {
            this.memory = memory;
        }

        boolean has(int block) {
            return kept.stream().anyMatch(residual -> residual.block() == block);
        }

        Features of(int block) {
            return kept.stream()
                    .filter(residual -> residual.block() == block)
                    .findFirst()
                    .orElseThrow()
                    .added();
        }

        List<Integer> blocks() {
            return kept.stream().map(Residual::block).sorted().toList();
        }

        /** Runs all blocks and keeps the residuals of the given ones. */
        Features measure(BlockStack stack, Set<Integer> blocks) {
            clear();
            Features in = stack.input();
            for (int i = 0; i < stack.depth(); i++) {
                Features out = stack.run(i, i + 1, in);
                if (blocks.contains(i)) {
                    kept.add(new Residual(i, 0, out.minus(in).keptBy(memory)));
                }
                freeBetween(i, in);
                in = out;
            }
            return in;
        }

        /**
         * Runs all blocks and keeps the {@code count} smallest residuals (A25); never holds more than these at once.
         */
        Features measureAll(BlockStack stack, int count, List<Double> norms) {
            clear();
            Features in = stack.input();
            for (int i = 0; i < stack.depth(); i++) {
                Features out = stack.run(i, i + 1, in);
                Features added = out.minus(in);
                norms.add(Norms.norm(added.video()));
                keepIfAmongLeast(new Residual(i, norms.get(i), added), count);
                freeBetween(i, in);
                in = out;
            }
            return in;
        }

        private void keepIfAmongLeast(Residual candidate, int count) {
            kept.add(candidate);
            candidate.added().keptBy(memory);
            if (kept.size() > count) {
                Residual largest = kept.stream()
                        .reduce((a, b) -> b.norm() >= a.norm() ? b : a)
                        .orElseThrow();
                kept.remove(largest);
                largest.added().free();
            }
        }

        private void clear() {
            kept.forEach(residual -> residual.added().free());
            kept.clear();
        }
    }
}
