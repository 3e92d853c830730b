package io.lowpass.contracts;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Client settings that the contract requires, for text keys and byte values. */
public final class KafkaSettings {

    private static final int METADATA_AGE_MS = 30_000;

    private static final int TRANSACTION_TIMEOUT_MS = 3_000;

    private KafkaSettings() {}

    /** For producers: acknowledged by all replicas, idempotent, and with room for a chunk. */
    public static Map<String, Object> producer(String bootstrapServers) {
        return Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                2 << 20,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                StringSerializer.class.getName(),
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ByteArraySerializer.class.getName());
    }

    /**
     * For transactional producers, otherwise as {@link #producer(String)}. A transaction takes milliseconds; one that a
     * killed process left open hides later records from all readers until it times out after 3 seconds.
     *
     * @param transactionalId the id under which a new producer fences earlier ones
     */
    public static Map<String, Object> producer(String bootstrapServers, String transactionalId) {
        Map<String, Object> settings = new HashMap<>(producer(bootstrapServers));
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        return Map.copyOf(settings);
    }

    /** For consumers: from the first record, with manual commits, without records of aborted transactions. */
    public static Map<String, Object> consumer(String bootstrapServers) {
        return Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                // An auto-created topic has the broker's defaults instead of those in TopicSpec.
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // How long an added partition may go unnoticed.
                CommonClientConfigs.METADATA_MAX_AGE_CONFIG,
                METADATA_AGE_MS,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class.getName(),
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class.getName());
    }

    /**
     * For members of a consumer group, otherwise as {@link #consumer(String)}. A member loses its partitions after 3
     * seconds of silence, or after the brokers' minimum if that is longer.
     */
    public static Map<String, Object> consumer(String bootstrapServers, String group) {
        Map<String, Object> settings = new HashMap<>(consumer(bootstrapServers));
        settings.put(CommonClientConfigs.GROUP_ID_CONFIG, group);
        settings.putAll(GroupSession.shortest(bootstrapServers).settings());
        return Map.copyOf(settings);
    }
}
