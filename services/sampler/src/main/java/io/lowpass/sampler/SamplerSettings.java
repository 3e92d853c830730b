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

    /**
     * Runs of a job that may begin and fail; after that the job is set aside. A run that its worker hands back, or that
     * waits, does not count.
     */
    @WithDefault("4")
    int attempts();

    /** Wait before the second attempt, doubled for each further one. */
    @WithDefault("1s")
    Duration backOff();

    /**
     * Bytes that the weights of all warm models may take together. A model that does not fit beside them replaces those
     * used longest ago. Default: three quarters of what the machine or the control group has, and at least 512 MiB less
     * than all.
     */
    OptionalLong weightsLimit();

    /** Longest time, at least {@code 1s}, between two events with the worker's state and its loaded models. */
    @WithDefault("30s")
    Duration heartbeat();

    /**
     * Bytes that a job may take. One that needs more fails with {@code RESOURCE.MEMORY}; one that needs more than is free
     * now is tried again. Default: what the machine or the control group has.
     */
    OptionalLong memoryLimit();
}
