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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** All records that a topic has now, as far as they are committed. */
public record TopicRecords(String bootstrapServers, String name) {

    /** The job's chunks. */
    public List<Chunk> chunks(String jobId) {
        return records(jobId).stream().map(Chunks::read).toList();
    }

    /** The job's events, each held against its schema. */
    public List<Event> events(String jobId) {
        EventSchemas schemas = new EventSchemas();
        return records(jobId).stream()
                .peek(record -> assertThat(schemas.check(record)).isEmpty())
                .map(Events::read)
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> records(String jobId) {
        return records().stream().filter(record -> jobId.equals(record.key())).toList();
    }

    /** Everything, the partitions one after the other as they come. */
    public List<ConsumerRecord<String, byte[]>> records() {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> reader = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers))) {
            List<TopicPartition> partitions = reader.partitionsFor(name).stream()
                    .map(info -> new TopicPartition(name, info.partition()))
                    .toList();
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(reader.endOffsets(partitions));
            while (ends.entrySet().stream().anyMatch(end -> reader.position(end.getKey()) < end.getValue())) {
                reader.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
