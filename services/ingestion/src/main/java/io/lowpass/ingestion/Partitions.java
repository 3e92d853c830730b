package io.lowpass.ingestion;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;

/** Finds partitions. */
final class Partitions {

    private Partitions() {}

    /** All partitions of the topics. */
    static List<TopicPartition> all(KafkaConsumer<?, ?> consumer, String... topics) {
        return Stream.of(topics)
                .flatMap(topic -> there(consumer, topic).stream())
                .map(Partitions::of)
                .toList();
    }

    /** The partition of all records with the key, as the producer's default partitioner chooses it. */
    static TopicPartition of(KafkaConsumer<?, ?> consumer, String topic, String key) {
        int count = there(consumer, topic).size();
        try (StringSerializer serializer = new StringSerializer()) {
            return new TopicPartition(
                    topic, BuiltInPartitioner.partitionForKey(serializer.serialize(topic, key), count));
        }
    }

    /**
     * The topic's partitions.
     *
     * @throws UnknownTopicOrPartitionException if the broker knows of none: the topic is new, or was deleted
     */
    private static List<PartitionInfo> there(KafkaConsumer<?, ?> consumer, String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException("the broker knows of no topic " + topic);
        }
        return partitions;
    }

    /** Whether the consumer has reached the end offsets. */
    static boolean hasReached(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static TopicPartition of(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }
}
