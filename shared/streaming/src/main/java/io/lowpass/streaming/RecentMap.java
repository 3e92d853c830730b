package io.lowpass.streaming;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A bounded map by job id that drops the least recently updated entry. Safe for many threads. */
final class RecentMap<V> {

    /** More jobs than can end within the retention of the jobs and chunk topics. */
    private static final int MOST = 100_000;

    private final Map<String, V> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
            return size() > MOST;
        }
    };

    synchronized void put(String jobId, V value) {
        // Replacing a value would keep its old position, so a recently updated key would be dropped.
        entries.remove(jobId);
        entries.put(jobId, value);
    }

    synchronized Optional<V> get(String jobId) {
        return Optional.ofNullable(entries.get(jobId));
    }

    synchronized List<V> values() {
        return List.copyOf(entries.values());
    }
}
