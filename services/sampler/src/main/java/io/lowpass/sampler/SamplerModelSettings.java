package io.lowpass.sampler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The models that jobs may name. */
@ConfigMapping(prefix = "lowpass.models")
public interface SamplerModelSettings {

    /** The models by name. */
    @WithParentName
    Map<String, Model> byName();

    /** One model. */
    interface Model {

        /** A diffusers folder. What has settings and no folder is no model. */
        Optional<String> folder();

        /** File of cache profiles; if not set, cache-profiles.json in the folder, where there is one. */
        Optional<String> cacheProfiles();

        /** Where to compute: cpu, or gpu:N. */
        @WithDefault("cpu")
        String device();

        /** Where the encoders compute. */
        @WithDefault("cpu")
        String vaeDevice();

        /** Number format of weights and passes: f32, bf16. */
        @WithDefault("f32")
        String dtype();

        /**
         * Where the weights are: resident (in memory), streamed (in their files, read block by block at every step, so
         * that a model runs that is larger than memory), or auto: in memory where they fit.
         */
        @WithDefault("auto")
        String weights();

        /** Bytes that the weights take in memory; if not set, an estimate from the shapes in the folder. */
        OptionalLong memory();

        /** Threads of the engine; if not set, as the engine chooses: one for each core. */
        OptionalInt threads();
    }
}
