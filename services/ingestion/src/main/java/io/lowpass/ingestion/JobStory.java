package io.lowpass.ingestion;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all events of one job from Kafka, first what has happened and then what happens, up to the job's end. */
final class JobStory implements AutoCloseable {

    /** Clocks of the machines that write may differ so much. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final String jobId;
    private final KafkaConsumer<String, byte[]> consumer;
    private final TopicPartition state;
    private final TopicPartition progress;
    private final List<ConsumerRecord<String, byte[]>> ends = new ArrayList<>();
    private boolean isOver;

    private JobStory(String jobId, KafkaConsumer<String, byte[]> consumer) {
        this.jobId = jobId;
        this.consumer = consumer;
        this.state = Partitions.of(consumer, Topics.STATE, jobId);
        this.progress = Partitions.of(consumer, Topics.PROGRESS, jobId);
        consumer.assign(List.of(state, progress));
    }

    /** The story from the position on. */
    static JobStory from(String bootstrapServers, String jobId, EventPosition position) {
        JobStory story = new JobStory(jobId, new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers)));
        story.consumer.seek(story.state, position.state());
        story.consumer.seek(story.progress, position.progress());
        return story;
    }

    /** The whole story of a job that was accepted at this time. */
    static JobStory since(String bootstrapServers, String jobId, Instant accepted) {
        JobStory story = new JobStory(jobId, new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers)));
        long start = accepted.minus(SKEW).toEpochMilli();
        var offsets = story.consumer.offsetsForTimes(Map.of(story.state, start, story.progress, start));
        var ends = story.consumer.endOffsets(offsets.keySet());
        offsets.forEach((partition, found) ->
                story.consumer.seek(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
        return story;
    }

    /** An event of the story and the place behind it. */
    record Page(EventPosition after, Event event) {}

    /** Whether the job has come to its end and everything of it has been given out. */
    boolean isOver() {
        return isOver;
    }

    /** Whether everything that is on the topics now has been read. */
    boolean hasCaughtUp() {
        return Partitions.hasReached(consumer, consumer.endOffsets(List.of(state, progress)));
    }

    /**
     * What follows, in the order in which it happened; empty if nothing does within the time. The end of the job is held
     * back until everything that was told of its progress is out.
     */
    List<Page> next(Duration time) {
        Map<TopicPartition, Long> before = positions();
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        consumer.poll(time).forEach(records::add);
        records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
        List<Page> pages = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            Optional<Event> event = read(record);
            if (event.filter(JobStory::isEnd).isPresent()) {
                ends.add(record);
            } else {
                before.put(partition(record), record.offset() + 1);
                event.ifPresent(found -> pages.add(new Page(position(before), found)));
            }
        }
        if (!ends.isEmpty() && Partitions.hasReached(consumer, consumer.endOffsets(List.of(progress)))) {
            ConsumerRecord<String, byte[]> end = ends.get(0);
            before.put(state, end.offset() + 1);
            read(end).ifPresent(found -> pages.add(new Page(position(before), found)));
            isOver = true;
        }
        return pages;
    }

    private Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        positions.put(state, consumer.position(state));
        positions.put(progress, consumer.position(progress));
        return positions;
    }

    private EventPosition position(Map<TopicPartition, Long> offsets) {
        return new EventPosition(offsets.getOrDefault(state, 0L), offsets.getOrDefault(progress, 0L));
    }

    private static TopicPartition partition(ConsumerRecord<String, byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private Optional<Event> read(ConsumerRecord<String, byte[]> record) {
        if (!jobId.equals(record.key())) {
            return Optional.empty();
        }
        try {
            return Optional.of(Events.read(record));
        } catch (MalformedRecordException e) {
            return Optional.empty();
        }
    }

    private static boolean isEnd(Event event) {
        return event instanceof JobEvent happened && happened.isTerminal();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
