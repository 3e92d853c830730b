package io.lowpass.contracts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Transactions that stay open on the topics by which the services decide. Nobody who reads committed records gets past one.
 * The services' own last milliseconds, and a broker ends those of a writer that died within seconds. What is open for longer is
 * a stranger's, or was left behind by a broker that lost its end (KAFKA-20734: the last replica of a partition was away at
 * that moment). No service may end it: whether it was committed or aborted is for an operator to find out.
 */
final class OpenTransactions {

    /** Several times what a broker takes to end the transaction of a writer that died. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final List<String> TOPICS = List.of(Topics.STATE, Topics.RUNS, Topics.JOBS);

    private final Admin admin;
    private final Clock clock;

    OpenTransactions(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /**
     * Describes each of those that have been open for longer than a minute.
     *
     * @param topics that exist, by name
     * @throws KafkaException if the broker rejects the request or does not answer within 30 seconds
     */
    List<String> problems(Map<String, TopicDescription> topics) {
        List<TopicPartition> partitions = topics.values().stream()
                .filter(topic -> TOPICS.contains(topic.name()))
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        Instant latest = clock.instant().minus(PATIENCE);
        return TopicSetup.await(admin.describeProducers(partitions).all()).entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                .flatMap(entry -> entry.getValue().activeProducers().stream()
                        .filter(producer -> isOpenSince(producer, latest))
                        .map(producer -> problem(entry.getKey(), producer)))
                .toList();
    }

    private static boolean isOpenSince(ProducerState producer, Instant latest) {
        return producer.currentTransactionStartOffset().isPresent()
                && Instant.ofEpochMilli(producer.lastTimestamp()).isBefore(latest);
    }

    private String problem(TopicPartition partition, ProducerState producer) {
        long offset = producer.currentTransactionStartOffset().orElseThrow();
        return "topic " + partition.topic() + ": partition " + partition.partition()
                + " has had a transaction open since "
                + Instant.ofEpochMilli(producer.lastTimestamp()) + " (" + writer(producer.producerId())
                + "), and nothing behind it can be read; wanted is one that ends within seconds"
                + " (kafka-transactions.sh --bootstrap-server … abort --topic " + partition.topic() + " --partition "
                + partition.partition() + " --start-offset " + offset + ")";
    }

    private String writer(long producerId) {
        Collection<TransactionListing> known = TopicSetup.await(
                admin.listTransactions(new ListTransactionsOptions().filterProducerIds(List.of(producerId)))
                        .all());
        return known.stream()
                .findFirst()
                .map(listing -> "of the transactional id " + listing.transactionalId()
                        + ", which its coordinator calls " + listing.state())
                .orElse("of producer " + producerId + ", which no coordinator knows");
    }
}
