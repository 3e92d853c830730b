package io.lowpass.storage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the storage service. */
@ConfigMapping(prefix = "lowpass.storage")
public interface StorageSettings {

    /** The default bucket; created if it does not exist. The service is ready when it exists. */
    @WithDefault("videos")
    String bucket();

    /** The consumer group: storage services of one group share the jobs. */
    @WithDefault("lowpass-storage")
    String group();

    /** Number of videos uploaded at the same time. */
    @WithDefault("4")
    int uploads();

    /** Size of waiting fragments in bytes at which reading pauses. */
    @WithDefault("268435456")
    long buffer();

    /** How long a job waits for a store that responds, but fails for the job's object with transient errors. */
    @WithDefault("1h")
    Duration objectPatience();

    /** How long a job waits for a store that rejects the credentials, which may be about to change. */
    @WithDefault("1h")
    Duration credentialsPatience();

    /**
     * How long a job waits for an unreachable store, counted from its first fragment; less than the retention of
     * fragments, 6 hours.
     */
    @WithDefault("5h")
    Duration storePatience();
}
