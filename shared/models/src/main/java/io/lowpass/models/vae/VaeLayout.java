package io.lowpass.models.vae;

import io.lowpass.models.Parameters;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.function.Function;

/**
 * The layers of an autoencoder.
 *
 * @param decoder from latents to frames, in the order in which they are passed
 * @param encoder from frames to the moments of latents, likewise
 */
public record VaeLayout(
        Function<VaeParameters, List<VaeLayer>> decoder, Function<VaeParameters, List<VaeLayer>> encoder) {

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        return declared(List.of(encoder, decoder));
    }

    /** Name and shape of the decoder's parameters. */
    public Architecture decoderArchitecture() {
        return declared(List.of(decoder));
    }

    private static Architecture declared(List<Function<VaeParameters, List<VaeLayer>>> coders) {
        return Parameters.declare("vae", parameters -> {
            VaeParameters all = new VaeParameters(parameters, (kernel, stored) -> stored);
            coders.forEach(coder -> coder.apply(all));
        });
    }
}
