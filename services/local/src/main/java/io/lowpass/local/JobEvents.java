package io.lowpass.local;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Records;
import io.lowpass.contracts.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Follows the events of one job on the progress and state topics of any broker. */
final class JobEvents implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String jobId;
    private int attempt;

    /**
     * Connects.
     *
     * @param replay whether to start with past events
     * @throws IllegalStateException if no broker responds
     */
    JobEvents(String bootstrap, String jobId, boolean replay) {
        this.jobId = jobId;
        Map<String, Object> settings = new HashMap<>(KafkaSettings.consumer(bootstrap));
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        this.consumer = new KafkaConsumer<>(settings);
        List<TopicPartition> partitions = partitions(bootstrap);
        consumer.assign(partitions);
        if (replay) {
            consumer.seekToBeginning(partitions);
        } else {
            consumer.seekToEnd(partitions);
            // Seeking is lazy: without this, events before the first poll would be skipped.
            partitions.forEach(consumer::position);
        }
    }

    private List<TopicPartition> partitions(String bootstrap) {
        try {
            return Stream.of(Topics.STATE, Topics.PROGRESS)
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
        } catch (TimeoutException away) {
            consumer.close();
            throw new IllegalStateException("no broker with Lowpass' topics answers at " + bootstrap, away);
        }
    }

    /** All past events in chronological order, if replay was requested. */
    List<JobEvent> past() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        List<JobEvent> events = new ArrayList<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            events.addAll(poll());
        }
        return inOrder(events);
    }

    /**
     * The events since the last call, in chronological order; waits briefly if there are none. Events of superseded
     * attempts are dropped, but never the end of the job.
     */
    List<JobEvent> next() {
        return inOrder(poll());
    }

    private List<JobEvent> poll() {
        List<JobEvent> events = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            // Records of other writers under the job's key are not its events.
            if (jobId.equals(record.key()) && Records.event(record).found().orElse(null) instanceof JobEvent event) {
                events.add(event);
            }
        }
        return events;
    }

    private List<JobEvent> inOrder(List<JobEvent> events) {
        return events.stream()
                .sorted(Comparator.comparing(JobEvent::at))
                .filter(event -> !isOvertaken(event))
                .toList();
    }

    private boolean isOvertaken(JobEvent event) {
        attempt = Math.max(attempt, event.attempt());
        return event.attempt() > 0 && event.attempt() < attempt && !event.endsJob();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
