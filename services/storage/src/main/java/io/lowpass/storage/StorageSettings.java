package io.lowpass.storage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

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
}
