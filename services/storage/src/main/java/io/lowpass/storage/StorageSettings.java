package io.lowpass.storage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the storage service. */
@ConfigMapping(prefix = "lowpass.storage")
public interface StorageSettings {

    /** The bucket that must exist before the service is ready; the service creates it if it does not. */
    @WithDefault("videos")
    String bucket();

    /** Consumer group; storage services of one group share the jobs. */
    @WithDefault("lowpass-storage")
    String group();

    /** Number of videos uploaded at the same time. */
    @WithDefault("4")
    int uploads();

    /** Size of waiting fragments in bytes at which reading pauses. */
    @WithDefault("268435456")
    long buffer();

    /**
     * How long a job waits for a store that answers, but refuses the job's object with errors that may pass (5xx,
     * {@code SlowDown}, {@code BadDigest} …). Then the job fails with the store's code.
     */
    @WithDefault("1h")
    Duration objectPatience();

    /**
     * How long a job waits for a store that rejects the keys ({@code InvalidAccessKeyId}, {@code AccessDenied} …): time to change
     * them.
     */
    @WithDefault("1h")
    Duration credentialsPatience();

    /**
     * How long a job waits for a store that does not answer, from when the video's first fragment was written.
     * Must be less than the 6 hours for which fragments stay on their topic.
     */
    @WithDefault("5h")
    Duration storePatience();
}
