package io.lowpass.sampler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalLong;

/** Settings of the sampler. */
@ConfigMapping(prefix = "lowpass.sampler")
public interface SamplerSettings {

    /** The default model; the sampler is ready when it is loaded. */
    @WithDefault("demo")
    String defaultModel();

    /** The most attempts at a job; fewer than the broker's group.share.delivery.count.limit. */
    @WithDefault("4")
    int attempts();

    /** Delay before the second attempt; doubled for each further one. */
    @WithDefault("1s")
    Duration backOff();

    /**
     * Total bytes for the weights of all loaded models; by default three quarters of the memory of the process, but at
     * least 512 MiB stay free. A requested model that does not fit evicts the least recently used ones.
     */
    OptionalLong weightsLimit();

    /** The longest time between two worker state events. */
    @WithDefault("30s")
    Duration heartbeat();

    /** Memory limit of a job in bytes; by default what is free when it starts. */
    OptionalLong memoryLimit();
}
