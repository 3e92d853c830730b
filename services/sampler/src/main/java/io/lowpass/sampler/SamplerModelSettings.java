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

        /** A diffusers folder. An entry without a folder is not a model. */
        Optional<String> folder();

        /** File of cache profiles; by default cache-profiles.json in the folder, if it exists. */
        Optional<String> cacheProfiles();

        /** Device of the model: cpu, or gpu:N. */
        @WithDefault("cpu")
        String device();

        /** Device of the encoders. */
        @WithDefault("cpu")
        String vaeDevice();

        /** Number format of weights and passes: f32, bf16. */
        @WithDefault("f32")
        String dtype();

        /**
         * Where the weights are kept: resident (in memory), streamed (read from their files block by block at every
         * step, for models larger than memory), or auto (in memory if they fit).
         */
        @WithDefault("auto")
        String weights();

        /** Size of the weights in memory in bytes; by default estimated from the shapes in the folder. */
        OptionalLong memory();

        /** Threads of the engine; by default one per core. */
        OptionalInt threads();
    }
}
