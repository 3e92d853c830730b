package io.lowpass.diffusion.schedulers.solver;

import io.lowpass.diffusion.NoiseSource;
import java.util.Optional;

/**
 * The noise that a solver adds at its steps.
 *
 * @param wanted whether it adds any
 * @param drawn where it comes from, once a generation gives it
 */
public record AddedNoise(boolean wanted, Optional<NoiseSource> drawn) {

    /** Of a solver that adds nothing. */
    public static final AddedNoise NONE = new AddedNoise(false, Optional.empty());

    public AddedNoise drawnFrom(NoiseSource source) {
        return new AddedNoise(wanted, wanted ? Optional.of(source) : Optional.empty());
    }

    /**
     * Where the noise comes from.
     *
     * @throws IllegalStateException if nothing was given
     */
    public NoiseSource source() {
        return drawn.orElseThrow(() -> new IllegalStateException("a stochastic solver needs a source of noise"));
    }
}
