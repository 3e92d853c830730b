package io.lowpass.encoder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The models that jobs may name, under the same keys as for samplers. */
@ConfigMapping(prefix = "lowpass.models")
public interface EncoderModelSettings {

    /** The models by name. */
    @WithParentName
    Map<String, Model> byName();

    /** One model. */
    interface Model {

        /** A diffusers folder with the VAE in {@code vae}. An entry without a folder is not a model. */
        Optional<String> folder();

        /** Device of the samplers; not used here. */
        @WithDefault("cpu")
        String device();

        /** Device of the VAE: cpu, or gpu:N. */
        @WithDefault("cpu")
        String vaeDevice();

        /** Precision of the samplers; the VAE has its own, {@link EncoderSettings#dtype}. */
        @WithDefault("f32")
        String dtype();

        /** Threads of the samplers; not used here. */
        OptionalInt threads();

        /** Where the samplers keep the weights; not used here. */
        @WithDefault("auto")
        String weights();

        /** Size of the samplers' weights; not used here. */
        OptionalLong memory();

        /** Cache profiles of the samplers; not used here. */
        Optional<String> cacheProfiles();
    }
}
