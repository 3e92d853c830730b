package io.lowpass.models.vae;

import io.lowpass.tensor.Architecture;
import java.util.List;

/**
 * The parts of an autoencoder.
 *
 * @param decoder from latents to frames, in the order in which they are passed
 * @param encoder from frames to the moments of latents, likewise
 * @param <L> what parts are built into
 */
public record VaeLayout<L>(List<? extends VaePart<L>> decoder, List<? extends VaePart<L>> encoder) {

    /** Copies the lists. */
    public VaeLayout {
        decoder = List.copyOf(decoder);
        encoder = List.copyOf(encoder);
    }

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        Architecture architecture = new Architecture("vae");
        encoder.forEach(part -> part.declare(architecture));
        decoder.forEach(part -> part.declare(architecture));
        return architecture;
    }
}
