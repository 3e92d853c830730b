package io.lowpass.diffusion.schedulers.noise;

/** How training timesteps are selected; the names are those of {@code timestep_spacing}. */
public enum TimestepSpacing {
    /** Evenly spaced from the last timestep to 0. */
    LINSPACE,
    /** Multiples of an integer, from 0. */
    LEADING,
    /** Evenly spaced down from the last timestep. */
    TRAILING
}
