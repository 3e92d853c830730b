package io.lowpass.contracts;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The configuration of a topic.
 *
 * @param name one of {@link Topics}
 * @param cleanup {@code delete}, {@code compact}, or {@code compact,delete}
 * @param retention how long a record is kept; for a compacted topic, how long all records of a key are kept before
 *     compaction
 * @param maxMessageBytes largest record
 */
public record TopicSpec(String name, String cleanup, Duration retention, int maxMessageBytes) {

    private static final int SMALL = 1 << 20;
    private static final int LARGE = 2 << 20;
    private static final String DELETE = "delete";

    /**
     * All topics. The requests topic takes larger records than are accepted, so that validation rejects an oversized
     * prompt with a message instead of the broker. A job may have two images. A chunk is {@link Chunk#MAX_PAYLOAD} plus
     * headers, which contain the job.
     */
    public static final List<TopicSpec> ALL = List.of(
            new TopicSpec(Topics.REQUESTS, DELETE, Duration.ofDays(7), LARGE),
            new TopicSpec(Topics.JOBS, DELETE, Duration.ofDays(7), LARGE),
            new TopicSpec(Topics.CONTROL, DELETE, Duration.ofDays(1), SMALL),
            // Longer than any job record is kept.
            new TopicSpec(Topics.RUNS, "compact,delete", Duration.ofDays(8), SMALL),
            new TopicSpec(Topics.PROGRESS, DELETE, Duration.ofDays(1), SMALL),
            new TopicSpec(Topics.LATENTS, DELETE, Duration.ofHours(6), LARGE),
            new TopicSpec(Topics.MEDIA, DELETE, Duration.ofHours(6), LARGE),
            new TopicSpec(Topics.STATE, "compact", Duration.ofDays(7), SMALL),
            // A worker's name contains its process id, so no later worker overwrites it.
            new TopicSpec(Topics.WORKERS, "compact,delete", Duration.ofDays(7), SMALL),
            new TopicSpec(Topics.DEAD_LETTER, DELETE, Duration.ofDays(30), LARGE));

    /**
     * The topic with this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TopicSpec of(String name) {
        return ALL.stream()
                .filter(spec -> spec.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no topic " + name));
    }

    /** Whether the record fits the size limit of its topic. */
    public static boolean fits(ProducerRecord<String, byte[]> record) {
        return Records.size(record) <= of(record.topic()).maxMessageBytes;
    }

    /** Topic configuration under Kafka's names. */
    public Map<String, String> config() {
        String lifetime = cleanup.endsWith(DELETE) ? "retention.ms" : "min.compaction.lag.ms";
        return Map.of(
                "cleanup.policy",
                cleanup,
                lifetime,
                Long.toString(retention.toMillis()),
                "max.message.bytes",
                Integer.toString(maxMessageBytes),
                // Retention drops closed segments only: with large segments a quiet topic would keep everything.
                "segment.bytes",
                Integer.toString(64 << 20),
                "segment.ms",
                Long.toString(Duration.ofHours(1).toMillis()));
    }
}
