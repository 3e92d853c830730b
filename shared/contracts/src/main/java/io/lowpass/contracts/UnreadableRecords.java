package io.lowpass.contracts;

import io.lowpass.contracts.Reading.Unreadable;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Counts and skips unreadable records, on topics for which another process reports them. The first one of a topic is
 * logged; the count covers the rest. Safe for many threads.
 */
public final class UnreadableRecords {

    private final Consumer<String> log;
    private final AtomicLong count = new AtomicLong();
    private final Set<String> topics = ConcurrentHashMap.newKeySet();

    /** Starts at 0; the first record of each topic is logged to {@code log}. */
    public UnreadableRecords(Consumer<String> log) {
        this.log = log;
    }

    /** The content of the record; an unreadable record is counted. */
    public <T> Optional<T> read(Reading<T> reading) {
        if (reading instanceof Unreadable<T> unreadable) {
            count.incrementAndGet();
            if (topics.add(unreadable.record().topic())) {
                log.accept(
                        "Skipped; further unreadable records of this topic are only counted: " + unreadable.message());
            }
        }
        return reading.found();
    }

    /** The number of unreadable records. */
    public long count() {
        return count.get();
    }
}
