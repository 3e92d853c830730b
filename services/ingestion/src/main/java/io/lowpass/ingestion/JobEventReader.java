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

/** Reads all events of one job from Kafka, first what has happened and then what happens, up to the job's end. */
final class JobEventReader implements AutoCloseable {

    /** Clocks of the machines that write may differ so much. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final String jobId;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Supplier<Set<TopicPartition>> places;
    private final long start;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final List<ConsumerRecord<String, byte[]>> ends = new ArrayList<>();
    private boolean isOver;

    /**
     * The whole story of a job.
     *
     * @param accepted when the job was, about
     * @param places partitions that are known to tell of it; may grow, as partitions are added to the topics
     */
    JobEventReader(String bootstrapServers, String jobId, Instant accepted, Supplier<Set<TopicPartition>> places) {
        this.jobId = jobId;
        this.places = places;
        this.start = accepted.minus(SKEW).toEpochMilli();
        this.consumer = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
        read(Set.of(Partitions.of(consumer, Topics.STATE, jobId), Partitions.of(consumer, Topics.PROGRESS, jobId)));
        readNewPlaces();
    }

    /** Goes on from the position, unless it lies where the topics have no records: then the whole story is told. */
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

    /** An event of the story and the place behind it. */
    record PositionedEvent(EventPosition after, Event event) {}

    /** Whether the job has come to its end and everything of it has been given out. */
    boolean isOver() {
        return isOver;
    }

    /** Whether everything that is on the topics now has been read. */
    boolean hasCaughtUp() {
        return Partitions.hasReached(consumer, consumer.endOffsets(consumer.assignment()));
    }

    /** The page that ends the story with an event that the topics do not have any more, or not where it was looked for. */
    PositionedEvent end(JobEvent event) {
        isOver = true;
        return new PositionedEvent(position(), event);
    }

    /**
     * What follows, in the order in which it happened; empty if nothing does within the time. The end of the job is held
     * back until everything that was told of its progress is out.
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
     * Records by their time, and those of a partition in the order in which they lie there: clocks of the writers differ,
     * and a position stands for everything before it.
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

    /** A record and the latest time, in milliseconds, of it and those before it in its partition. */
    private record Timed(long millis, ConsumerRecord<String, byte[]> record) {}

    private Collection<TopicPartition> progress() {
        return consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(Topics.PROGRESS))
                .toList();
    }

    /** Whoever leaves now must find the end that is held back when he returns. */
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
