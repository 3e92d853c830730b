package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.opensora.vae.OpenSoraVae;
import io.lowpass.models.opensora.vae.OpenSoraVaeInspection;
import io.lowpass.tensor.Precision;
import java.util.Objects;

/** Open-Sora's autoencoder as a whole, and its two parts by themselves. */
final class OpenSoraVaeCheck implements Check {

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        NDArray latents = Objects.requireNonNull(reference.inputs(memory).get("latents"));
        int frames = reference.settings().path("num_frames").asInt();
        String part = reference.settings().path("part").asText();
        try (OpenSoraVae vae = OpenSoraVae.open(reference.model(), Device.cpu(), Precision.F32)) {
            switch (part) {
                case "pipeline" -> comparison.offerAll(OpenSoraVaeInspection.pipeline(vae, latents, frames));
                case "temporal" ->
                    comparison.offer("spatial_latents", OpenSoraVaeInspection.temporal(vae, latents, frames));
                case "spatial" -> comparison.offer("frames", OpenSoraVaeInspection.spatial(vae, latents));
                default -> throw new Unsupported("part " + part + " of the autoencoder");
            }
        }
    }
}
