package io.lowpass.ingestion;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Places for event streams: so many in all, and so many for one client. Safe for many threads. */
final class EventStreamLimits {

    private final Semaphore all;
    private final int mostOfClient;
    private final Map<String, Integer> byClient = new ConcurrentHashMap<>();

    EventStreamLimits(int most, int mostOfClient) {
        this.all = new Semaphore(most);
        this.mostOfClient = mostOfClient;
    }

    /** What became of the wish for a place. */
    enum Admittance {
        /** It is the client's until it is given back. */
        TAKEN,
        /** The client has as many as one may have. */
        CLIENT_HAS_ENOUGH,
        /** Nobody may have another one. */
        ALL_TAKEN
    }

    /** Takes a place for the client with the address. */
    Admittance take(String client) {
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

    /** Gives a place back. */
    void giveBack(String client) {
        forget(client);
        all.release();
    }

    private void forget(String client) {
        byClient.computeIfPresent(client, (address, count) -> count > 1 ? count - 1 : null);
    }
}
