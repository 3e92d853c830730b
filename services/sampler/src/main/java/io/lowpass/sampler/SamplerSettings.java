package io.lowpass.sampler;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalLong;

/** How the sampler takes jobs. */
@ConfigMapping(prefix = "lowpass.sampler")
public interface SamplerSettings {

    /** The model that must be loaded before the sampler is ready. */
    @WithDefault("demo")
    String defaultModel();

    /** Deliveries of a job that are run; below the broker's group.share.delivery.count.limit. */
    @WithDefault("4")
    int attempts();

    /** Wait before the second attempt; doubled for each that follows. */
    @WithDefault("1s")
    Duration backOff();

    /**
     * Bytes that the weights of all warm models may take together; three quarters of what the process may take, and
     * at least 512 MiB less than that, if not set. A model that is asked for and does not fit beside the warm ones takes the place of those used longest ago.
     */
    OptionalLong weightsLimit();

    /** The longest time between two events that tell how the worker is. */
    @WithDefault("30s")
    Duration heartbeat();

    /** Bytes that a job may take; what there is, and of that what is free when it starts, if not set. */
    OptionalLong memoryLimit();
}
