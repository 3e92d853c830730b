package io.lowpass.encoder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The models that jobs may name, by the same keys as in the samplers. */
@ConfigMapping(prefix = "lowpass.models")
public interface EncoderModelSettings {

    /** The models by name. */
    @WithParentName
    Map<String, Model> byName();

    /** One model. */
    interface Model {

        /** A diffusers folder; its autoencoder is in {@code vae}. What has settings and no folder is no model. */
        Optional<String> folder();

        /** Where the samplers compute. */
        @WithDefault("cpu")
        String device();

        /** Where to compute: cpu, or gpu:N. */
        @WithDefault("cpu")
        String vaeDevice();

        /** The samplers' number format. The autoencoder has its own, {@link EncoderSettings#dtype}. */
        @WithDefault("f32")
        String dtype();

        /** The samplers' threads. */
        OptionalInt threads();

        /** Where the samplers' weights are. */
        @WithDefault("auto")
        String weights();

        /** What the samplers' weights take. */
        OptionalLong memory();

        /** The samplers' cache profiles. */
        Optional<String> cacheProfiles();
    }
}
