package io.lowpass.trials.chaos;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Follows the events of the services as they are published. */
final class EventFollower implements AutoCloseable {

    private final TopicReader reader;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    /** An event with its time of arrival. */
    record Seen(Instant receivedAt, JobEvent event) {}

    /** Starts following; the topics must exist. */
    EventFollower(String bootstrap) {
        reader = new TopicReader(bootstrap, List.of(Topics.STATE, Topics.PROGRESS));
        thread = new Thread(this::follow, "chaos-follower");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow() {
        while (!closed) {
            reader.poll(this::take);
        }
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        event(record).ifPresent(event -> {
            seen.add(new Seen(Instant.now(), event));
            if (event.isTerminal()) {
                ended.add(event.jobId());
            }
        });
    }

    /** The event in a record; empty if it is unexpected. */
    static Optional<JobEvent> event(ConsumerRecord<String, byte[]> record) {
        return Records.event(record).found().filter(JobEvent.class::isInstance).map(JobEvent.class::cast);
    }

    /** Number of events so far. */
    int count() {
        return seen.size();
    }

    /** Number of ended jobs so far. */
    int ended() {
        return ended.size();
    }

    /** The first matching event at or after a time. */
    Optional<Seen> first(Instant from, Predicate<JobEvent> asked) {
        return seen.stream()
                .filter(one -> !one.receivedAt().isBefore(from) && asked.test(one.event()))
                .findFirst();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        reader.close();
    }
}
