package io.lowpass.caching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A generation of one branch through four blocks, which add given numbers, so that decisions can be worked out by hand. The embedded tokens are zero.
 *
 * @param signals what every signal says at each step
 * @param first what the first block adds at each step
 * @param others what each of the others adds at each step
 */
public record BlockScript(List<Double> signals, List<Double> first, List<Double> others) {

    private static final int DEPTH = 4;
    private static final Shape TOKENS = new Shape(1, 2, 3);

    /** A script in which the others add one each. */
    public BlockScript(List<Double> signals, List<Double> first) {
        this(signals, first, Collections.nCopies(first.size(), 1.0));
    }

    /** A script of signals alone. */
    public static BlockScript ofSignals(Double... signals) {
        return new BlockScript(List.of(signals), Collections.nCopies(signals.length, 1.0));
    }

    /** A script of what the first block adds. */
    public static BlockScript ofFirstBlock(Double... first) {
        return new BlockScript(Collections.nCopies(first.length, 1.0), List.of(first));
    }

    /** A script of what each block but the first adds. */
    public static BlockScript ofOthers(Double... others) {
        List<Double> still = Collections.nCopies(others.length, 1.0);
        return new BlockScript(still, still, List.of(others));
    }

    /** A script in which nothing changes. */
    public static BlockScript still(int steps) {
        return new BlockScript(Collections.nCopies(steps, 1.0), Collections.nCopies(steps, 1.0));
    }

    /**
     * What a policy made of the script.
     *
     * @param kinds first letters of what became of the steps
     * @param outputs what left the blocks
     * @param blocks how many blocks ran
     * @param reasons why
     * @param signals how many signals were computed
     */
    public record Played(
            String kinds, List<Double> outputs, List<Integer> blocks, List<String> reasons, List<Integer> signals) {}

    /** Plays the script to a policy. */
    public Played play(CachePolicy policy) {
        return play(policy, Branch.CONDITIONED);
    }

    /** Plays the script to a policy in a branch. */
    public Played play(CachePolicy policy, Branch branch) {
        return play(policy, branch, List.of(DEPTH));
    }

    /** Plays the script to a policy in a branch of a model whose blocks come in lists. */
    public Played play(CachePolicy policy, Branch branch, List<Integer> lists) {
        StringBuilder kinds = new StringBuilder();
        List<Double> outputs = new ArrayList<>();
        List<Integer> blocks = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        List<Integer> asked = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                NDManager memory = manager.newSubManager();
                Trajectory trajectory = new FlowMatchEuler(1).plan(signals.size())) {
            ModelOutline outline = new ModelOutline(
                    DEPTH,
                    lists,
                    Set.of(),
                    Set.of(Signal.values()),
                    Signal.INPUT,
                    List.of(1, 2, 2),
                    List.of(Branch.CONDITIONED));
            FeatureCache cache = policy.open(new Generation(memory, outline, trajectory, Script.LATENTS));
            for (int i = 0; i < signals.size(); i++) {
                Stack stack = new Stack(manager, signals.get(i), first.get(i), others.get(i));
                Step step = trajectory.step(i);
                NDArray out = cache.predict(step, new OneBranch(manager, cache, step, branch, stack));
                outputs.add((double) out.mean().getFloat());
                blocks.add(stack.ran);
                asked.add(stack.asked);
                kinds.append(cache.decision(step).action().name().charAt(0));
                reasons.add(cache.decision(step).reason());
            }
        }
        return new Played(kinds.toString(), outputs, blocks, reasons, asked);
    }

    private record OneBranch(NDManager manager, FeatureCache cache, Step step, Branch of, Stack stack)
            implements Prediction {

        @Override
        public NDArray latents() {
            return manager.ones(Script.LATENTS);
        }

        @Override
        public NDArray compute() {
            return branch(of);
        }

        @Override
        public NDArray probe(UnaryOperator<NDArray> reduction) {
            return reduction.apply(latents());
        }

        @Override
        public NDArray branch(Branch branch) {
            return cache.blocks(step, branch, stack).video();
        }

        @Override
        public NDArray guide(NDArray conditioned, NDArray unconditioned) {
            return conditioned;
        }
    }

    private static final class Stack implements BlockStack {

        private final NDManager manager;
        private final double signal;
        private final double first;
        private final double others;
        private int ran;
        private int asked;

        Stack(NDManager manager, double signal, double first, double others) {
            this.manager = manager;
            this.signal = signal;
            this.first = first;
            this.others = others;
        }

        @Override
        public Features input() {
            return Features.of(manager.zeros(TOKENS));
        }

        @Override
        public NDArray signal(Signal kind) {
            asked++;
            return manager.full(TOKENS, (float) signal);
        }

        @Override
        public int depth() {
            return DEPTH;
        }

        @Override
        public Features run(int from, int to, Features features) {
            ran += to - from;
            double added = (to - from) * others + (from == 0 ? first - others : 0);
            return Features.of(features.video().add(added));
        }
    }
}
