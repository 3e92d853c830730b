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
 * Gives a consumer every partition of some topics, each from its first record on, and those that are added while it reads.
 * For one thread.
 */
public final class WholeTopics {

    private static final long BETWEEN_LOOKS = Duration.ofSeconds(10).toNanos();

    private final Consumer<?, ?> consumer;
    private final TopicEnds brokers;
    private final List<String> topics;
    private long lastLook;

    /** For a consumer that is assigned nothing else. */
    public WholeTopics(Consumer<?, ?> consumer, TopicEnds brokers, String... topics) {
        this.consumer = consumer;
        this.brokers = brokers;
        this.topics = List.of(topics);
    }

    /**
     * Assigns what is new, if there has been no look for 10 seconds.
     *
     * @throws RetriableException if no broker answers in time, or one of the topics is not there yet
     */
    public void assignNowAndThen() {
        if (consumer.assignment().isEmpty() || System.nanoTime() - lastLook > BETWEEN_LOOKS) {
            assign();
        }
    }

    /**
     * Assigns what is new. Whoever reads "up to the end" asks first, for a writer may know of a partition before.
     *
     * @throws RetriableException if no broker answers in time, or one of the topics is not there yet
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
     * Where topics end now.
     *
     * @param decisive those of which everything counts: the end of the log, since behind an open transaction there may be
     *     something that is committed
     * @param besides whether the others count as well, as far as they can be read now: nobody shall be able to hold a
     *     reader up with them
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
