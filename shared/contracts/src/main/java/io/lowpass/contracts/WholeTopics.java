package io.lowpass.contracts;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Assigns all partitions of some topics to a consumer, from the first record, including partitions that are added
 * later. For one thread.
 */
public final class WholeTopics {

    private static final long BETWEEN_LOOKS = Duration.ofSeconds(10).toNanos();

    private final Consumer<?, ?> consumer;
    private final TopicEnds brokers;
    private final List<String> topics;
    private long lastLook;

    /** For a consumer without other assignments. */
    public WholeTopics(Consumer<?, ?> consumer, TopicEnds brokers, String... topics) {
        this.consumer = consumer;
        this.brokers = brokers;
        this.topics = List.of(topics);
    }

    /**
     * Assigns new partitions, at most every 10 seconds.
     *
     * @throws RetriableException if no broker answers in time, or a topic does not exist yet
     */
    public void assignNowAndThen() {
        if (consumer.assignment().isEmpty() || System.nanoTime() - lastLook > BETWEEN_LOOKS) {
            assign();
        }
    }

    /**
     * Assigns new partitions. Call it before reading "up to the end", since a writer may have learned of a partition
     * earlier.
     *
     * @throws RetriableException if no broker answers in time, or a topic does not exist yet
     */
    public void assign() {
        Set<TopicPartition> added = new HashSet<>(brokers.partitions(topics));
        lastLook = System.nanoTime();
        added.removeAll(consumer.assignment());
        if (!added.isEmpty()) {
            Set<TopicPartition> all = new HashSet<>(consumer.assignment());
            all.addAll(added);
            consumer.assign(all);
            consumer.seekToBeginning(added);
        }
    }

    /**
     * The current ends of topics.
     *
     * @param decisive topics that must be read completely: up to the end of the log, since committed records may follow
     *     an open transaction
     * @param besides whether to include the other topics, as far as they can be read now, so that no open transaction
     *     on them blocks the reader
     */
    public Map<TopicPartition, Long> ends(Collection<String> decisive, boolean besides) {
        Map<Boolean, List<TopicPartition>> parts = consumer.assignment().stream()
                .collect(Collectors.partitioningBy(partition -> decisive.contains(partition.topic())));
        Map<TopicPartition, Long> ends = new HashMap<>(brokers.of(parts.getOrDefault(true, List.of())));
        if (besides) {
            ends.putAll(consumer.endOffsets(parts.getOrDefault(false, List.of())));
        }
        return ends;
    }
}
