package io.lowpass.models.opensora.vae;

import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.VaeConfig;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.tensor.Precision;

/**
 * The settings of Open-Sora's autoencoder ({@code VideoAutoencoderPipeline}, version 1.2).
 *
 * @param chunk frames that are encoded together, and apart from all others
 * @param temporal settings of the temporal autoencoder
 * @param spatial settings of the spatial autoencoder
 */
public record OpenSoraVaeConfig(int chunk, TemporalConfig temporal, SpatialConfig spatial) implements VaeConfig {

    /**
     * Reads and checks {@code config.json}. Scale and shift are not taken from it: files hold them as tensors.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static OpenSoraVaeConfig of(ComponentConfig config) {
        config.ignoring(
                        "architectures",
                        "auto_map",
                        "cal_loss",
                        "dtype",
                        "freeze_vae_2d",
                        "from_pretrained",
                        "scale",
                        "shift",
                        "torch_dtype",
                        "transformers_version")
                .requireOneOf("model_type", "\"VideoAutoencoderPipeline\"", "null");
        OpenSoraVaeConfig read = new OpenSoraVaeConfig(
                config.count("micro_frame_size", 17),
                TemporalConfig.of(part(config, "vae_temporal")),
                SpatialConfig.of(part(config, "vae_2d")));
        config.requireAllRead();
        if (read.temporal.channels() != read.spatial.latents()) {
            throw config.refused(
                    "vae_temporal",
                    "an autoencoder of as many channels as vae_2d has latent ones: " + read.spatial.latents());
        }
        return read;
    }

    @Override
    public int latentChannels() {
        return temporal.latents();
    }

    /** Latent frames of a whole chunk. */
    public int latentChunk() {
        return temporal.latentFrames(chunk);
    }

    /** Latent frames of a video. */
    public int latentFrames(int frames) {
        return frames / chunk * latentChunk() + temporal.latentFrames(frames % chunk);
    }

    @Override
    public int spatialFactor() {
        return spatial.factor();
    }

    @Override
    public int temporalFactor() {
        return temporal.factor();
    }

    @Override
    public VaeLayout layout() {
        return OpenSoraVaeLayout.of(this);
    }

    /** {@inheritDoc} Of the decoders, which alone are loaded. */
    @Override
    public long loadedValues() {
        return layout().decoderArchitecture().size();
    }

    /**
     * {@inheritDoc} One residual block of the temporal decoder with all frames of a chunk, or of the spatial decoder with
     * one frame, and the frames of a chunk.
     */
    @Override
    public long decodingBytes(int height, int width, Precision precision) {
        long cells = (long) (height / spatialFactor()) * (width / spatialFactor());
        long over = (long) latentChunk() * temporal.factor();
        long temporalBlock = 0;
        for (int level = 0; level < temporal.levels(); level++) {
            long in = temporal.dim(Math.min(level + 1, temporal.levels() - 1));
            long out = temporal.dim(level);
            // Input, its norm, the frames' results and those joined; and three frames side by side.
            temporalBlock = Math.max(temporalBlock, cells * (over * 2 * (in + out) + 3 * in));
        }
        long spatialBlock = 0;
        for (int level = 0; level < spatial.levels(); level++) {
            int side = 1 << level;
            long in = spatial.decoderDim(Math.max(0, level - 1));
            long out = spatial.decoderDim(level);
            // Input, its norm and the result.
            spatialBlock = Math.max(spatialBlock, cells * side * side * (2 * in + out));
        }
        long frames = 3L * chunk * spatial.out() * height * width * Float.BYTES;
        return Math.max(temporalBlock, spatialBlock) * precision.bytes() + frames;
    }

    private static ComponentConfig part(ComponentConfig config, String field) {
        if (!config.has(field) || !config.json().path(field).isObject()) {
            throw config.refused(field, "a JSON object");
        }
        return ComponentConfig.of(config.source() + ": " + field, config.json().path(field));
    }
}
