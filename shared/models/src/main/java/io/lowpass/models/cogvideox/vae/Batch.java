package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * The frames that pass the network together.
 *
 * @param memory owner of all that stages make
 * @param latents the latent frames that a decoder makes frames of, each (1, channels, height, width); none in an encoder
 */
record Batch(NDManager memory, List<NDArray> latents) {

    List<NDArray> call(String kernel, Object... arguments) {
        return VaeKernels.COMPILED.callAll(memory, kernel, arguments);
    }
}
