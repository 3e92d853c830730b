package io.lowpass.contracts;

import io.lowpass.contracts.Reading.Unreadable;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Records that nobody can read on topics where this process does not answer for them: counted, and passed over. The first
 * one of a topic is logged; of thousands more the count tells enough. Safe for many threads.
 */
public final class UnreadableRecords {

    private final Consumer<String> log;
    private final AtomicLong count = new AtomicLong();
    private final Set<String> topics = ConcurrentHashMap.newKeySet();

    /** Counts from 0; what is logged goes to {@code log}. */
    public UnreadableRecords(Consumer<String> log) {
        this.log = log;
    }

    /** What the record holds; if it cannot be read, that is noted. */
    public <T> Optional<T> read(Reading<T> reading) {
        if (reading instanceof Unreadable<T> unreadable) {
            count.incrementAndGet();
            if (topics.add(unreadable.record().topic())) {
                log.accept("Passed over, as all records of this topic that cannot be read, which are counted: "
                        + unreadable.message());
            }
        }
        return reading.found();
    }

    /** How many there were. */
    public long count() {
        return count.get();
    }
}
