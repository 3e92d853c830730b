package io.lowpass.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.Chunks;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventSchemas;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The committed records of a topic at the time of each call. */
public final class TopicRecords implements AutoCloseable {

    /** Shared, since loading the schemas takes longer than reading the topic. */
    private static final EventSchemas SCHEMAS = new EventSchemas();

    private final KafkaConsumer<String, byte[]> reader;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    /** Reads a topic that exists. */
    public TopicRecords(String bootstrapServers, String name) {
        reader = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
        List<TopicPartition> partitions = reader.partitionsFor(name).stream()
                .map(info -> new TopicPartition(name, info.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
    }

    /** The job's chunks. */
    public List<Chunk> chunks(String jobId) {
        return records(jobId).stream().map(Chunks::read).toList();
    }

    /** The job's events, each validated against its schema. */
    public List<Event> events(String jobId) {
        return records(jobId).stream()
                .peek(record -> assertThat(SCHEMAS.check(record)).isEmpty())
                .map(Events::read)
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> records(String jobId) {
        return records().stream().filter(record -> jobId.equals(record.key())).toList();
    }

    /** Everything, the records of each partition in their order. */
    public synchronized List<ConsumerRecord<String, byte[]>> records() {
        Map<TopicPartition, Long> ends = reader.endOffsets(reader.assignment());
        while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
            reader.poll(Duration.ofMillis(200)).forEach(seen::add);
        }
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        reader.close();
    }
}
