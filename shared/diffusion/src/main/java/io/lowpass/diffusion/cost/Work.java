package io.lowpass.diffusion.cost;

import io.lowpass.diffusion.blocks.SubLayer;
import java.util.EnumMap;
import java.util.Map;

/**
 * The amount of computation; reused results do not count.
 *
 * @param predictions number of single-branch passes at full size
 * @param probes number of single-branch passes on other latents
 * @param blocks number of blocks within the predictions
 * @param subLayers number of sub-layers within those blocks, for caches that wrap them
 * @param probeTokens total number of tokens of all probes
 * @param probeFrames total number of frames of all probes, counted in tokens
 * @param reused number of sub-layers of those blocks that did not run, by kind
 */
public record Work(
        int predictions,
        int probes,
        int blocks,
        int subLayers,
        long probeTokens,
        long probeFrames,
        Map<SubLayer, Integer> reused) {

    /** Nothing computed yet. */
    public static final Work NONE = new Work(0, 0, 0, 0, 0);

    /** A pass of a branch at full size, of which the blocks count on their own. */
    public static final Work PREDICTION = new Work(1, 0, 0, 0, 0);

    public Work {
        reused = Map.copyOf(reused);
    }

    /** Work in which no sub-layer was left out, and probes are of a single frame. */
    public Work(int predictions, int probes, int blocks, int subLayers, long probeTokens) {
        this(predictions, probes, blocks, subLayers, probeTokens, probes, Map.of());
    }

    /** Blocks that ran. */
    public static Work blocks(int count) {
        return new Work(0, 0, count, 0, 0);
    }

    /** A sub-layer that ran. */
    public static Work computed() {
        return new Work(0, 0, 0, 1, 0);
    }

    /** A sub-layer that did not. */
    public static Work reused(SubLayer subLayer) {
        return new Work(0, 0, 0, 0, 0, 0, Map.of(subLayer, 1));
    }

    /** A probe. */
    public static Work probe(TokenCount tokens) {
        return new Work(0, 1, 0, 0, (long) tokens.count(), (long) tokens.frames(), Map.of());
    }

    /** The sum of two amounts. */
    public Work plus(Work other) {
        return new Work(
                predictions + other.predictions,
                probes + other.probes,
                blocks + other.blocks,
                subLayers + other.subLayers,
                probeTokens + other.probeTokens,
                probeFrames + other.probeFrames,
                sum(reused, other.reused));
    }

    private static Map<SubLayer, Integer> sum(Map<SubLayer, Integer> left, Map<SubLayer, Integer> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return left.isEmpty() ? right : left;
        }
        Map<SubLayer, Integer> sum = new EnumMap<>(left);
        right.forEach((kind, count) -> sum.merge(kind, count, Integer::sum));
        return sum;
    }
}
