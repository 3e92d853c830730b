package io.lowpass.contracts;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * How far partitions are written, records of open transactions included. A consumer of committed records cannot tell: it
 * is told of the first open transaction, and records that were committed behind that one would be missed by whoever
 * reads "up to the end".
 */
public final class TopicEnds implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 10;

    private final Admin admin;

    /** Asks these brokers. */
    public TopicEnds(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /**
     * The offset that the next record of each partition will have.
     *
     * @throws RetriableException if no broker answers in time
     */
    public Map<TopicPartition, Long> of(Collection<TopicPartition> partitions) {
        try {
            var offsets = admin.listOffsets(partitions.stream()
                            .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest())))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return offsets.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RetriableException passing
                    ? passing
                    : new KafkaException("The ends of " + partitions + " are not known", e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("No broker told the ends of " + partitions, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
