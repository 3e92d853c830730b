package io.lowpass.diffusion;

/** Latents and time of one step, embedded once for all branches. */
@FunctionalInterface
public interface EmbeddedStep {

    /** Starts the pass of one branch. */
    ForwardPass pass(Conditioning conditioning);
}
