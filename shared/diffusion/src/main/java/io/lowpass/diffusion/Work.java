package io.lowpass.diffusion;

/**
 * What was computed; reused results do not count.
 *
 * @param predictions passes of single branches at full size
 * @param probes passes of single branches on other latents
 * @param blocks blocks within the predictions
 * @param subLayers sub-layers within those blocks, where a cache works on them
 * @param probeTokens tokens of all probes together, which say how large they were
 */
public record Work(int predictions, int probes, int blocks, int subLayers, long probeTokens) {

    /** Nothing computed yet. */
    public static final Work NONE = new Work(0, 0, 0, 0, 0);

    /** The sum of two amounts. */
    public Work plus(Work other) {
        return new Work(
                predictions + other.predictions,
                probes + other.probes,
                blocks + other.blocks,
                subLayers + other.subLayers,
                probeTokens + other.probeTokens);
    }
}
