package io.lowpass.encoder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** How the encoder works. */
@ConfigMapping(prefix = "lowpass.encoder")
public interface EncoderSettings {

    /** The model whose autoencoder must be loaded before the encoder is ready. */
    @WithDefault("demo")
    String defaultModel();

    /** The consumer group: encoders of one group share the jobs. */
    @WithDefault("lowpass-encoders")
    String group();

    /**
     * Videos decoded at the same time. The autoencoder keeps large activations for each, so one after the other is the
     * default.
     */
    @WithDefault("1")
    int videos();

    /** Number format of the autoencoder: f32, bf16. */
    @WithDefault("f32")
    String dtype();

    /** Threads of the tensor engine for each video; one for each core, if not set. */
    OptionalInt threads();

    /** Bytes that decoding videos may take together; what there is, and of that what is free, if not set. */
    OptionalLong memoryLimit();

    /** Bytes of latents that wait in memory before reading pauses. */
    @WithDefault("268435456")
    long buffer();
}
