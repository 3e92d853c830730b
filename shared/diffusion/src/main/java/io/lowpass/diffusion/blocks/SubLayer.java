package io.lowpass.diffusion.blocks;

/** The kinds of sub-layers that a cache may wrap. */
public enum SubLayer {
    SELF_ATTENTION,
    SPATIAL_ATTENTION,
    TEMPORAL_ATTENTION,
    CROSS_ATTENTION,
    FEED_FORWARD
}
