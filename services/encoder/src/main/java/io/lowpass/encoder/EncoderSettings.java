package io.lowpass.encoder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Settings of the encoder. */
@ConfigMapping(prefix = "lowpass.encoder")
public interface EncoderSettings {

    /** The default model; the encoder is ready when its VAE is open. */
    @WithDefault("demo")
    String defaultModel();

    /** The consumer group: encoders of one group share the jobs. */
    @WithDefault("lowpass-encoders")
    String group();

    /** Number of videos decoded at the same time. The VAE keeps large activations for each, so the default is one. */
    @WithDefault("1")
    int videos();

    /** Precision of the VAE: f32, bf16. */
    @WithDefault("f32")
    String dtype();

    /** Threads of the tensor engine for each video; by default one per core. */
    OptionalInt threads();

    /** Memory limit of all decoding videos together in bytes; by default what is free. */
    OptionalLong memoryLimit();

    /** Size of waiting latents in bytes at which reading pauses. */
    @WithDefault("268435456")
    long buffer();
}
