package io.lowpass.ingestion;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How requests are taken. */
@ConfigMapping(prefix = "lowpass.ingestion")
public interface IngestionSettings {

    /** Bucket of videos whose request names none. */
    @WithDefault("videos")
    String bucket();

    /** How long an HTTP request waits for the broker before it is answered that the broker is away. */
    @WithDefault("5s")
    Duration brokerPatience();

    /** Jobs that have ended and are still told of; the newest are kept. */
    @WithDefault("20000")
    int keepEnded();

    /** How long a job that has ended is told of. */
    @WithDefault("7d")
    Duration keepEndedFor();

    /** Address under which clients find the storage service's videos, by job id; without it no links are given. */
    Optional<String> videos();

    /** Event streams that may be open at a time. */
    @WithDefault("64")
    int maxStreams();

    /** Event streams that may be open at a time to one client, by its address. */
    @WithDefault("16")
    int maxStreamsPerClient();

    /** How long a client may take to send the whole of a request. */
    @WithDefault("30s")
    Duration bodyPatience();

    /** How often the lag of the samplers' share group is asked for. */
    @WithDefault("5s")
    Duration lagInterval();
}
