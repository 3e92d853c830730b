package io.lowpass.models.opensora;

import ai.djl.ndarray.types.Shape;

/**
 * The tokens of latents. Latents that are no whole number of patches are padded with zeros at their end.
 *
 * @param frames tokens along time
 * @param height tokens along height
 * @param width tokens along width
 */
record OpenSoraGrid(long frames, long height, long width) {

    /**
     * The tokens of latents.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @throws IllegalArgumentException if the model cannot take latents of that shape
     */
    static OpenSoraGrid of(OpenSoraConfig config, Shape latents) {
        if (latents.dimension() != 5
                || latents.get(0) != 1
                || latents.get(1) != config.inChannels()
                || latents.size() == 0) {
            throw new IllegalArgumentException("latents have shape " + latents + ", expected (1, " + config.inChannels()
                    + ", frames, height, width)");
        }
        return new OpenSoraGrid(tokens(config, latents, 0), tokens(config, latents, 1), tokens(config, latents, 2));
    }

    /** Number of tokens of one frame. */
    long area() {
        return height * width;
    }

    long[] sizes() {
        return new long[] {frames, height, width};
    }

    /** Zeros in front of and behind the latents, along width, height and frames, which is the order of torch. */
    long[] padding(OpenSoraConfig config, Shape latents) {
        return new long[] {
            0,
            width * config.patch().get(2) - latents.get(4),
            0,
            height * config.patch().get(1) - latents.get(3),
            0,
            frames * config.patch().get(0) - latents.get(2)
        };
    }

    private static long tokens(OpenSoraConfig config, Shape latents, int axis) {
        int patch = config.patch().get(axis);
        return (latents.get(axis + 2) + patch - 1) / patch;
    }
}
