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

    /** Event streams that may be open at a time. */
    @WithDefault("64")
    int maxStreams();

    /** How often the lag of the samplers' share group is asked for. */
    @WithDefault("5s")
    Duration lagInterval();
}
