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

/** Client settings that the contract needs, for keys as text and values as bytes. */
public final class KafkaSettings {

    private static final int METADATA_AGE_MS = 30_000;

    private static final int TRANSACTION_TIMEOUT_MS = 3_000;

    private KafkaSettings() {}

    /** For producers: nothing is lost or reordered, and a chunk fits. */
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
     * For producers that write in transactions, as {@link #producer(String)}. A transaction takes milliseconds; one that a
     * killed process left open hides what comes after it from all readers until its time is over, 3 seconds.
     *
     * @param transactionalId by which the broker refuses a producer once another one has registered
     */
    public static Map<String, Object> producer(String bootstrapServers, String transactionalId) {
        Map<String, Object> settings = new HashMap<>(producer(bootstrapServers));
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        return Map.copyOf(settings);
    }

    /** For consumers: from the first record, committed by hand, without records of aborted transactions. */
    public static Map<String, Object> consumer(String bootstrapServers) {
        return Map.of(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                // A topic that a broker makes by itself has the broker's defaults and not what TopicSpec says.
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // As long as an added partition may stay unseen.
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
     * For the ordered consumers of a group: as {@link #consumer(String)}, sharing the work with the same group. A member
     * that is silent for 3 seconds has lost its partitions, or for as long as the brokers' lower limit, which they are
     * asked for.
     */
    public static Map<String, Object> consumer(String bootstrapServers, String group) {
        Map<String, Object> settings = new HashMap<>(consumer(bootstrapServers));
        settings.put(CommonClientConfigs.GROUP_ID_CONFIG, group);
        settings.putAll(GroupSession.shortest(bootstrapServers).settings());
        return Map.copyOf(settings);
    }
}
