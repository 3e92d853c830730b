package io.lowpass.contracts;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * End offsets of partitions, including records of open transactions. A read-committed consumer sees only the last
 * stable offset, so a reader "up to the end" would miss records committed behind an open transaction.
 */
public final class TopicEnds implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 10;

    private final Admin admin;

    /** Connects to the brokers. */
    public TopicEnds(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /**
     * The offset of the next record of each partition.
     *
     * @throws RetriableException if no broker answers in time
     */
    public Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
        var offsets = await(
                "The end of each of " + partitions,
                admin.listOffsets(partitions.stream()
                                .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest())))
                        .all());
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /**
     * All current partitions of the topics, including recently added ones.
     *
     * @throws RetriableException if no broker answers in time, or a topic does not exist yet
     */
    public Set<TopicPartition> partitions(Collection<String> topics) {
        return await("The partitions of " + topics, admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
    }

    private static <T> T await(String what, KafkaFuture<T> answer) {
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RetriableException passing
                    ? passing
                    : new KafkaException(what + " is not known", e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException(what + ": no broker answered", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
