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

    /** How long an HTTP request waits for the broker before the answer is 503. */
    @WithDefault("5s")
    Duration brokerPatience();

    /** Number of ended jobs that are still reported, the newest; a job that has not ended is always reported. */
    @WithDefault("20000")
    int keepEnded();

    /** How long an ended job is reported; after that the answer is 410, and its name stays taken. */
    @WithDefault("7d")
    Duration keepEndedFor();

    /** Address at which clients reach {@code /videos} of the storage service; with it, a completed job has a link {@code video}. Default: none. */
    Optional<String> videos();

    /** Event streams that may be open at the same time. */
    @WithDefault("64")
    int maxStreams();

    /** Event streams that one client, by its address, may have open at the same time. */
    @WithDefault("16")
    int maxStreamsPerClient();

    /** How long a client may take to send a whole request, before the answer is 408. */
    @WithDefault("30s")
    Duration bodyPatience();

    /** Interval at which the lag of the samplers' share group is measured. */
    @WithDefault("5s")
    Duration lagInterval();
}
