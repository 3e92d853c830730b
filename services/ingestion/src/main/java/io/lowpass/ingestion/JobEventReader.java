package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all events of one job from Kafka, past and future, up to the job's end. */
final class JobEventReader implements AutoCloseable {

    /** The largest expected difference between clocks of machines. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final String jobId;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Supplier<Set<TopicPartition>> places;
    private final long start;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final List<ConsumerRecord<String, byte[]>> ends = new ArrayList<>();
    private boolean isOver;

    /**
     * Reads from the first event.
     *
     * @param accepted approximate time of the job's acceptance
     * @param places partitions that contain events of the job; may grow when partitions are added
     */
    JobEventReader(String bootstrapServers, String jobId, Instant accepted, Supplier<Set<TopicPartition>> places) {
        this.jobId = jobId;
        this.places = places;
        this.start = accepted.minus(SKEW).toEpochMilli();
        this.consumer = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
        read(Set.of(Partitions.of(consumer, Topics.STATE, jobId), Partitions.of(consumer, Topics.PROGRESS, jobId)));
        readNewPlaces();
    }

    /**
     * Continues from the position, unless the topics no longer have records there: then it starts from the first event.
     */
    void goOnFrom(EventPosition position) {
        Map<TopicPartition, Long> offsets = position.offsets();
        if (!consumer.assignment().containsAll(offsets.keySet())) {
            return;
        }
        var firsts = consumer.beginningOffsets(offsets.keySet());
        var lasts = consumer.endOffsets(offsets.keySet());
        boolean isThere = offsets.entrySet().stream()
                .allMatch(place -> place.getValue() >= firsts.getOrDefault(place.getKey(), 0L)
                        && place.getValue() <= lasts.getOrDefault(place.getKey(), 0L));
        if (isThere) {
            offsets.forEach(this::begin);
        }
    }

    private void readNewPlaces() {
        Set<TopicPartition> added = new HashSet<>(places.get());
        added.removeAll(consumer.assignment());
        if (!added.isEmpty()) {
            read(added);
        }
    }

    private void read(Set<TopicPartition> added) {
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        all.addAll(added);
        consumer.assign(all);
        var found = consumer.offsetsForTimes(added.stream().collect(Collectors.toMap(Function.identity(), p -> start)));
        var lasts = consumer.endOffsets(added);
        found.forEach(
                (partition, at) -> begin(partition, at == null ? lasts.getOrDefault(partition, 0L) : at.offset()));
    }

    private void begin(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        positions.put(partition, offset);
    }

    /** An event and the position after it. */
    record PositionedEvent(EventPosition after, Event event) {}

    /** Whether the job has ended and all its events have been returned. */
    boolean isOver() {
        return isOver;
    }

    /** Whether everything now on the topics has been read. */
    boolean hasCaughtUp() {
        return Partitions.hasReached(consumer, consumer.endOffsets(consumer.assignment()));
    }

    /** Ends with an event that the topics no longer contain, or not where it was searched. */
    PositionedEvent end(JobEvent event) {
        isOver = true;
        return new PositionedEvent(position(), event);
    }

    /**
     * The next events in chronological order; empty if there are none within the time. The end of the job is held back
     * until all progress events have been returned.
     */
    List<PositionedEvent> next(Duration time) {
        readNewPlaces();
        List<PositionedEvent> events = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : inOrder(consumer.poll(time))) {
            Optional<Event> event = read(record);
            if (event.filter(JobEventReader::isEnd).isPresent()) {
                ends.add(record);
            } else {
                pass(record);
                event.ifPresent(found -> events.add(new PositionedEvent(position(), found)));
            }
        }
        if (!ends.isEmpty() && Partitions.hasReached(consumer, consumer.endOffsets(progress()))) {
            ConsumerRecord<String, byte[]> end = ends.get(0);
            passed(end);
            isOver = true;
            read(end).ifPresent(found -> events.add(new PositionedEvent(position(), found)));
        }
        return events;
    }

    /**
     * Orders records by time, but keeps the order within each partition: clocks of writers differ, and a position
     * includes everything before it.
     */
    static List<ConsumerRecord<String, byte[]>> inOrder(Iterable<ConsumerRecord<String, byte[]>> records) {
        Map<TopicPartition, Long> latest = new HashMap<>();
        List<Timed> timed = new ArrayList<>();
        records.forEach(
                record -> timed.add(new Timed(latest.merge(partition(record), record.timestamp(), Math::max), record)));
        return timed.stream()
                .sorted(Comparator.comparingLong(Timed::millis))
                .map(Timed::record)
                .toList();
    }

    /** A record, and the latest timestamp in milliseconds up to it in its partition. */
    private record Timed(long millis, ConsumerRecord<String, byte[]> record) {}

    private Collection<TopicPartition> progress() {
        return consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(Topics.PROGRESS))
                .toList();
    }

    /** A client that disconnects now must still get the end that is held back when it reconnects. */
    private void pass(ConsumerRecord<String, byte[]> record) {
        if (ends.stream().noneMatch(held -> partition(held).equals(partition(record)))) {
            passed(record);
        }
    }

    private void passed(ConsumerRecord<String, byte[]> record) {
        positions.merge(partition(record), record.offset() + 1, Math::max);
    }

    private EventPosition position() {
        return new EventPosition(Map.copyOf(positions), isOver);
    }

    private static TopicPartition partition(ConsumerRecord<String, byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private Optional<Event> read(ConsumerRecord<String, byte[]> record) {
        return jobId.equals(record.key()) ? Records.event(record).found() : Optional.empty();
    }

    private static boolean isEnd(Event event) {
        return event instanceof JobEvent happened && happened.isTerminal();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
