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

        /** A diffusers folder; sampler and encoder each read what they need of it. An entry without a folder is ignored. */
        Optional<String> folder();

        /** Constants of caching methods that {@code calibrate} measured on the model. Default: {@code cache-profiles.json} in the folder, if there is one. */
        Optional<String> cacheProfiles();

        /** Where samplers compute: {@code cpu} or {@code gpu:N}. */
        @WithDefault("cpu")
        String device();

        /** Where encoders compute: {@code cpu} or {@code gpu:N}. */
        @WithDefault("cpu")
        String vaeDevice();

        /** Number format of weights and forward passes: {@code f32} or {@code bf16}. */
        @WithDefault("f32")
        String dtype();

        /**
         * Where the weights are: {@code resident} (in memory), {@code streamed} (in their files, read block by block at
         * every step: any size, slowly; {@code dtype} must be the stored one), or {@code auto}: in memory if they fit.
         */
        @WithDefault("auto")
        String weights();

        /** Bytes that the weights take in a sampler's memory. Default: an estimate from the shapes in the folder. */
        OptionalLong memory();

        /** Threads of the engine in the sampler. Default: one for each core. */
        OptionalInt threads();
    }
}
