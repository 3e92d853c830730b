package io.lowpass.diffusion;

import java.util.EnumMap;
import java.util.Map;

/**
 * What was computed; reused results do not count.
 *
 * @param predictions passes of single branches at full size
 * @param probes passes of single branches on other latents
 * @param blocks blocks within the predictions
 * @param subLayers sub-layers within those blocks, where a cache works on them
 * @param probeTokens tokens of all probes together, which say how large they were
 * @param probeFrames frames of all probes together, counted in tokens
 * @param reused sub-layers of those blocks that did not run, by kind
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

    public Work {
        reused = Map.copyOf(reused);
    }

    /** Work in which no sub-layer was left out, and probes are of a single frame. */
    public Work(int predictions, int probes, int blocks, int subLayers, long probeTokens) {
        this(predictions, probes, blocks, subLayers, probeTokens, probes, Map.of());
    }

    /** A sub-layer that ran. */
    static Work computed() {
        return new Work(0, 0, 0, 1, 0);
    }

    /** A sub-layer that did not. */
    static Work reused(SubLayer subLayer) {
        return new Work(0, 0, 0, 0, 0, 0, Map.of(subLayer, 1));
    }

    /** A probe. */
    static Work probe(TokenCount tokens) {
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
