package io.lowpass.diffusion.schedulers.solver;

import io.lowpass.diffusion.NoiseSource;
import java.util.Optional;

/**
 * The noise that a stochastic solver adds.
 *
 * @param wanted whether the solver is stochastic
 * @param drawn the source of the noise, once a generation provides it
 */
public record AddedNoise(boolean wanted, Optional<NoiseSource> drawn) {

    /** For deterministic solvers. */
    public static final AddedNoise NONE = new AddedNoise(false, Optional.empty());

    public AddedNoise drawnFrom(NoiseSource source) {
        return new AddedNoise(wanted, wanted ? Optional.of(source) : Optional.empty());
    }

    /**
     * The source of the noise.
     *
     * @throws IllegalStateException if none was provided
     */
    public NoiseSource source() {
        return drawn.orElseThrow(() -> new IllegalStateException("a stochastic solver needs a source of noise"));
    }
}
