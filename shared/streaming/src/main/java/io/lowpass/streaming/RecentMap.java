package io.lowpass.streaming;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A map from job ids that forgets, of very many, the one of which nothing was said for longest. Safe for many threads. */
final class RecentMap<V> {

    /** More jobs than end while the topics of jobs and chunks keep theirs. */
    private static final int MOST = 100_000;

    private final Map<String, V> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    };

    synchronized void put(String jobId, V value) {
        // Put again, a key keeps its old place: one with fresh news would be forgotten.
        entries.remove(jobId);
        entries.put(jobId, value);
    }

    synchronized Optional<V> get(String jobId) {
        return Optional.ofNullable(entries.get(jobId));
    }
}
