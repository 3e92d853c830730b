package io.lowpass.ingestion;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How requests are taken. */
@ConfigMapping(prefix = "lowpass.ingestion")
public interface IngestionSettings {

    /** Bucket of videos whose request names none. */
    @WithDefault("videos")
    String bucket();

    /** A model catalogue in the form of the one that ships, which it replaces. */
    Optional<Path> models();

    /**
     * Names this process among those of its kind: the same after a restart, so that a transaction that a crash left open
     * is ended at once, and different from that of every other process that runs.
     */
    @WithDefault("${hostname:local}")
    String instance();

    /** Event streams that may be open at a time. */
    @WithDefault("64")
    int maxStreams();

    /** How often the lag of the samplers' share group is asked for. */
    @WithDefault("5s")
    Duration lagInterval();
}
