package io.lowpass.ingestion;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of ingestion. */
@ConfigMapping(prefix = "lowpass.ingestion")
public interface IngestionSettings {

    /** Default bucket of videos. */
    @WithDefault("videos")
    String bucket();

    /** How long an HTTP request waits for the broker before it fails with 503. */
    @WithDefault("5s")
    Duration brokerPatience();

    /** Number of ended jobs that are kept, the newest. */
    @WithDefault("20000")
    int keepEnded();

    /** How long an ended job is kept. */
    @WithDefault("7d")
    Duration keepEndedFor();

    /** Base URL of the storage service's videos, by job id; if not set, responses contain no links. */
    Optional<String> videos();

    /** The most event streams open at the same time. */
    @WithDefault("64")
    int maxStreams();

    /** The most event streams open at the same time to one client address. */
    @WithDefault("16")
    int maxStreamsPerClient();

    /** How long a client may take to send its request. */
    @WithDefault("30s")
    Duration bodyPatience();

    /** How often the lag of the samplers' share group is queried. */
    @WithDefault("5s")
    Duration lagInterval();
}
