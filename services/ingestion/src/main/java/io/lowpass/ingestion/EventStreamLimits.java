package io.lowpass.ingestion;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Limits the event streams in total and per client. Safe for many threads. */
final class EventStreamLimits {

    private final Semaphore all;
    private final int mostOfClient;
    private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

    EventStreamLimits(int most, int mostOfClient) {
        this.all = new Semaphore(most);
        this.mostOfClient = mostOfClient;
    }

    /** The answer to a request for a slot. */
    enum Admittance {
        /** The client has a slot until it returns it. */
        TAKEN,
        /** The client has reached its limit. */
        CLIENT_HAS_ENOUGH,
        /** The total limit is reached. */
        ALL_TAKEN
    }

    /** Requests a slot for the client address. */
    Admittance acquire(String client) {
        if (byClient.merge(client, 1, Integer::sum) > mostOfClient) {
            forget(client);
            return Admittance.CLIENT_HAS_ENOUGH;
        }
        if (!all.tryAcquire()) {
            forget(client);
            return Admittance.ALL_TAKEN;
        }
        return Admittance.TAKEN;
    }

    /** Returns a slot. */
    void release(String client) {
        forget(client);
        all.release();
    }

    private void forget(String client) {
        byClient.computeIfPresent(client, (address, count) -> count > 1 ? count - 1 : null);
    }
}
