package io.lowpass.diffusion;

/** The kinds of sub-layer at which a cache may interpose. */
public enum SubLayer {
    SELF_ATTENTION,
    SPATIAL_ATTENTION,
    TEMPORAL_ATTENTION,
    CROSS_ATTENTION,
    FEED_FORWARD
}
