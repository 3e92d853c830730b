package io.lowpass.lab.verify;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoEncoding;
import io.lowpass.models.wan.vae.WanVae;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.Objects;

/** Wan's autoencoder, run as the services run it: latent frame by latent frame, frame by frame. */
final class WanVaeCheck implements Check {

    private static final int FRAMES = 2;

    // Wan decodes alike whatever the video is.
    private static final VideoSpec ANY = new VideoSpec(1, 1, 1, 1, 1);

    private final ComponentFolder folders;

    WanVaeCheck(ComponentFolder folders) {
        this.folders = folders;
    }

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        if (folders.config(reference.model()).path("is_residual").asBoolean()) {
            throw new Unsupported("AutoencoderKLWan with residual up- and downsampling");
        }
        Map<String, NDArray> inputs = reference.inputs(memory);
        try (WanVae vae = WanVae.open(reference.model(), Device.cpu(), Precision.F32)) {
            if (reference.component().equals("vae_decode")) {
                decode(vae, Objects.requireNonNull(inputs.get("latents")), memory, comparison);
            } else {
                encode(vae, Objects.requireNonNull(inputs.get("frames")), memory, comparison);
            }
        }
    }

    private static void decode(WanVae vae, NDArray latents, NDManager memory, Comparison comparison) {
        NDList frames = new NDList();
        try (VideoDecoding video = vae.decode(ANY)) {
            for (NDArray frame : slices(latents)) {
                frames.add(video.nextDenormalised(memory, frame).orElseThrow());
            }
        }
        comparison.offer(
                "frames",
                ai.djl.ndarray.NDArrays.concat(frames).transpose(1, 0, 2, 3).expandDims(0));
    }

    private static void encode(WanVae vae, NDArray frames, NDManager memory, Comparison comparison) {
        NDList means = new NDList();
        NDList logvars = new NDList();
        try (VideoEncoding video = vae.encode()) {
            for (NDArray frame : slices(frames)) {
                video.next(memory, frame.squeeze(FRAMES)).ifPresent(latent -> {
                    means.add(latent.mean());
                    logvars.add(latent.logvar());
                });
            }
        }
        comparison.offer("mean", ai.djl.ndarray.NDArrays.concat(means, FRAMES));
        comparison.offer("logvar", ai.djl.ndarray.NDArrays.concat(logvars, FRAMES));
    }

    /** A video's frames, each with its frame axis. */
    private static NDList slices(NDArray video) {
        return video.split(video.getShape().get(FRAMES), FRAMES);
    }
}
