package io.lowpass.streaming;

import io.lowpass.contracts.ChunkKind;

/**
 * How a topic of chunks is read.
 *
 * @param service name in logs, threads and dead letters
 * @param kind kind of the chunks on the topic
 * @param group the consumer group
 * @param workers number of streams processed at the same time
 * @param sessions number of sessions open at the same time. When all of them wait for chunks and another stream has
 *     some, one session is closed and restarted later, for which frames are kept: choose a small number where sessions
 *     are large and frames are small
 * @param bytes size of payloads in memory at which reading pauses
 */
public record StreamSettings(
        String service, String topic, ChunkKind kind, String group, int workers, int sessions, long bytes) {

    public StreamSettings {
        if (workers < 1 || sessions < 1 || bytes < 1) {
            throw new IllegalArgumentException("workers " + workers + ", sessions " + sessions + " and bytes " + bytes
                    + " of " + service + " must be at least 1");
        }
    }

    /** No limit on sessions: processed frames are not kept. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    boolean keepsFrames() {
        return sessions != UNLIMITED;
    }
}
