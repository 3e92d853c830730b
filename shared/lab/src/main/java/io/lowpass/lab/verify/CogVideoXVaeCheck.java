package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.cogvideox.vae.CogVideoXVae;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Objects;

/** CogVideoX's autoencoder, run as the services run it: latent frame by latent frame. */
final class CogVideoXVaeCheck implements Check {

    private static final int FRAMES = 2;

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Map<String, NDArray> inputs = reference.inputs(memory);
        try (CogVideoXVae vae = CogVideoXVae.open(reference.model(), Device.cpu(), Precision.F32, 1)) {
            if (reference.component().equals("vae_decode")) {
                decode(vae, Objects.requireNonNull(inputs.get("latents")), memory, comparison);
            } else {
                LatentDistribution latents = vae.encode(memory, Objects.requireNonNull(inputs.get("frames")));
                comparison.offer("mean", latents.mean());
                comparison.offer("logvar", latents.logvar());
            }
        }
    }

    private static void decode(CogVideoXVae vae, NDArray latents, NDManager memory, Comparison comparison) {
        long count = latents.getShape().get(FRAMES);
        NDList frames = new NDList();
        // Decoding uses only the number of frames.
        try (VideoDecoding video =
                vae.decode(new VideoSpec(1, 1, (int) (count - 1) * vae.temporalFactor() + 1, 1, 1))) {
            for (NDArray frame : latents.split(count, FRAMES)) {
                video.nextDenormalised(memory, frame).ifPresent(frames::add);
            }
        }
        comparison.offer("frames", NDArrays.concat(frames).transpose(1, 0, 2, 3).expandDims(0));
    }
}
