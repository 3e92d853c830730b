package io.lowpass.diffusion;

import io.lowpass.diffusion.conditioning.Conditioning;

/** The embedded latents and timestep of one step, shared by all branches. */
@FunctionalInterface
public interface EmbeddedStep {

    /** Starts the pass of one branch. */
    ForwardPass pass(Conditioning conditioning);
}
