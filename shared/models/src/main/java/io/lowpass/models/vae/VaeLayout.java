package io.lowpass.models.vae;

import io.lowpass.models.Parameters;
import io.lowpass.tensor.Architecture;
import java.util.List;

/**
 * The layers of an autoencoder.
 *
 * @param decoder from latents to frames
 * @param encoder from frames to the moments of latents
 */
public record VaeLayout(Coder decoder, Coder encoder) {

    /** Layers in the order in which they are passed. */
    @FunctionalInterface
    public interface Coder {

        /** Says the parameters, or takes them. */
        List<VaeLayer> layers(VaeParameters all);
    }

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        return declared(List.of(encoder, decoder));
    }

    /** Name and shape of the decoder's parameters. */
    public Architecture decoderArchitecture() {
        return declared(List.of(decoder));
    }

    private static Architecture declared(List<Coder> coders) {
        return Parameters.declare("vae", parameters -> {
            VaeParameters all = new VaeParameters(parameters, (kernel, stored) -> stored);
            coders.forEach(coder -> coder.layers(all));
        });
    }
}
