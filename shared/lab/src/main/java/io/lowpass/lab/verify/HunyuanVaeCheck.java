package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.hunyuan.vae.HunyuanVae;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Objects;

/** HunyuanVideo's autoencoder; decoding is run as the services run it, latent frame by latent frame. */
final class HunyuanVaeCheck implements Check {

    private static final int FRAMES = 2;

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        Map<String, NDArray> inputs = reference.inputs(memory);
        // The reference tiles frames only on request.
        long largest = reference.settings().path("tiling").asBoolean() ? 0 : Long.MAX_VALUE;
        try (HunyuanVae vae = HunyuanVae.open(reference.model(), Device.cpu(), Precision.F32, largest)) {
            if (reference.component().equals("vae_decode")) {
                comparison.offer("frames", decoded(vae, Objects.requireNonNull(inputs.get("latents")), memory));
            } else {
                LatentDistribution latents = vae.encode(memory, Objects.requireNonNull(inputs.get("frames")));
                comparison.offer("mean", latents.mean());
                comparison.offer("logvar", latents.logvar());
            }
        }
    }

    private static NDArray decoded(HunyuanVae vae, NDArray latents, NDManager memory) {
        int count = (int) latents.getShape().get(FRAMES);
        VideoSpec spec = new VideoSpec(1, 1, (count - 1) * vae.temporalFactor() + 1, 1, 1);
        NDList frames = new NDList();
        try (VideoDecoding video = vae.decode(spec)) {
            for (NDArray frame : latents.split(count, FRAMES)) {
                video.nextDenormalised(memory, frame).ifPresent(frames::add);
            }
        }
        return NDArrays.concat(frames).transpose(1, 0, 2, 3).expandDims(0);
    }
}
