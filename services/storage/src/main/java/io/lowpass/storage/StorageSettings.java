package io.lowpass.storage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the storage service works. */
@ConfigMapping(prefix = "lowpass.storage")
public interface StorageSettings {

    /** The bucket that must be there before the service is ready; made if it is not. */
    @WithDefault("videos")
    String bucket();

    /** The consumer group: storage services of one group share the jobs. */
    @WithDefault("lowpass-storage")
    String group();

    /** Videos uploaded at the same time. */
    @WithDefault("4")
    int uploads();

    /** Bytes of fragments that wait in memory before reading pauses. */
    @WithDefault("268435456")
    long buffer();

    /** How long a job waits for a store that answers, but refuses the job's object with errors that might pass. */
    @WithDefault("1h")
    Duration objectPatience();

    /** How long a job waits for a store that does not take the keys: they may be about to be changed. */
    @WithDefault("1h")
    Duration credentialsPatience();

    /**
     * How long a job waits for a store that does not answer, from when its first fragment was written; less than
     * fragments stay on their topic, 6 hours.
     */
    @WithDefault("5h")
    Duration storePatience();
}
