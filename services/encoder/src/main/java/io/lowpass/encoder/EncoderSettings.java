package io.lowpass.encoder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Settings of the encoder. */
@ConfigMapping(prefix = "lowpass.encoder")
public interface EncoderSettings {

    /** The model whose VAE must be loaded before the encoder is ready. */
    @WithDefault("demo")
    String defaultModel();

    /** Consumer group; encoders of one group share the jobs. */
    @WithDefault("lowpass-encoders")
    String group();

    /** Videos decoded at the same time. The VAE keeps large activations for each. */
    @WithDefault("1")
    int videos();

    /** Number format of the VAE: {@code f32} or {@code bf16}. */
    @WithDefault("f32")
    String dtype();

    /** Threads of the engine for each video. Default: one for each core. */
    OptionalInt threads();

    /**
     * Bytes that decoding may take beyond the weights. A job whose size needs more fails with {@code RESOURCE.MEMORY}; one
     * that needs more than is free now waits, for at most an hour. Default: what the machine or the control group has.
     */
    OptionalLong memoryLimit();

    /** Size of waiting latents in bytes at which reading pauses. */
    @WithDefault("268435456")
    long buffer();
}
