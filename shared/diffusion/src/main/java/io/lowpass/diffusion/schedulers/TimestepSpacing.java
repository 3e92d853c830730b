package io.lowpass.diffusion.schedulers;

/** Which times of training are visited; the names are those of {@code timestep_spacing}. */
enum TimestepSpacing {
    /** Even steps from the last time to 0. */
    LINSPACE,
    /** Multiples of a whole step, from 0. */
    LEADING,
    /** Even steps down from the last time. */
    TRAILING
}
