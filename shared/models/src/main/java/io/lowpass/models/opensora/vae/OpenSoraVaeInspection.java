package io.lowpass.models.opensora.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What the parts of the autoencoder decode, by name and not clamped, to be compared with another implementation. */
public final class OpenSoraVaeInspection {

    private OpenSoraVaeInspection() {}

    /**
     * Decodes latents as a sampler leaves them, chunk by chunk.
     *
     * @param latents shape (batch, channels, latent frames, height, width)
     * @param frames number of frames
     * @return {@code spatial_latents} and {@code frames}, shape (batch, channels, frames, height, width)
     */
    public static Map<String, NDArray> pipeline(OpenSoraVae vae, NDArray latents, int frames) {
        NDManager owner = latents.getManager();
        NDArray denormalised = vae.denormalised(owner, latents);
        NDList chunks = new NDList();
        int begin = 0;
        for (int left = frames; left > 0; left -= vae.config().chunk()) {
            int some = Math.min(left, vae.config().chunk());
            int end = begin + vae.config().temporal().latentFrames(some);
            chunks.add(temporal(vae, denormalised.get(new NDIndex(":, :, " + begin + ":" + end)), some));
            begin = end;
        }
        Map<String, NDArray> decoded = new LinkedHashMap<>();
        decoded.put("spatial_latents", NDArrays.concat(chunks, 2));
        decoded.put("frames", spatial(vae, NDArrays.concat(chunks, 2)));
        return decoded;
    }

    /** Decodes one chunk in time, without shift and scale. */
    public static NDArray temporal(OpenSoraVae vae, NDArray latents, int frames) {
        NDManager owner = latents.getManager();
        return each(latents, sample -> vae.temporal(owner, sample, frames));
    }

    /** Decodes each frame of spatial latents by itself. */
    public static NDArray spatial(OpenSoraVae vae, NDArray latents) {
        NDManager owner = latents.getManager();
        return each(latents, sample -> {
            NDArray received = vae.received(owner, sample);
            NDList frames = new NDList();
            for (int i = 0; i < received.getShape().get(0); i++) {
                frames.add(vae.spatial(owner, received, i));
            }
            return NDArrays.concat(frames, 0);
        });
    }

    private static NDArray each(NDArray batch, Function<NDArray, NDArray> decode) {
        NDList samples = new NDList();
        for (int i = 0; i < batch.getShape().get(0); i++) {
            samples.add(decode.apply(batch.get(i).expandDims(0)).transpose(1, 0, 2, 3));
        }
        return NDArrays.stack(samples);
    }
}
