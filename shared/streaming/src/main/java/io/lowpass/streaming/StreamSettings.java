package io.lowpass.streaming;

import io.lowpass.contracts.ChunkKind;

/**
 * How a topic of chunks is read.
 *
 * @param service name in logs, threads and dead letters
 * @param kind what chunks the topic carries
 * @param group the consumer group
 * @param workers streams worked on at the same time
 * @param sessions sessions open at the same time. When all wait for chunks and another stream has some, one is closed
 *     and begun anew later, for which frames are kept: choose it small where a session is large and frames are small
 * @param bytes payload held in memory before reading pauses
 */
public record StreamSettings(
        String service, String topic, ChunkKind kind, String group, int workers, int sessions, long bytes) {

    public StreamSettings {
        if (workers < 1 || sessions < 1 || bytes < 1) {
            throw new IllegalArgumentException("workers " + workers + ", sessions " + sessions + " and bytes " + bytes
                    + " of " + service + " must be at least 1");
        }
    }

    /** Any number of sessions: frames are not kept once taken. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    boolean keepsFrames() {
        return sessions != UNLIMITED;
    }
}
