package io.lowpass.contracts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates the topics and configures the samplers' share group. Every service calls it at start, in any order and
 * concurrently; existing topics are not changed ({@link TopicCheck} reports what is wrong with them).
 *
 * @param partitions number of partitions of each new topic, which limits how many encoders and storage processes share
 *     the work; the jobs topic has one
 * @param replicas replicas of each new topic; empty for the broker's default
 * @param shareLock how long a sampler holds a job before it must renew the lock, 15 to 60 seconds by Kafka's default
 *     limits
 */
public record TopicSetup(int partitions, Optional<Short> replicas, Duration shareLock) {

    /** Four partitions, the broker's default replication, and a lock of 30 seconds. */
    public static final TopicSetup DEFAULT = new TopicSetup(4, Optional.empty(), Duration.ofSeconds(30));

    /** Required settings of the samplers' share group, apart from the lock duration. */
    static final Map<String, String> GROUP = Map.of(
            // Includes jobs sent before the first sampler joined.
            "share.auto.offset.reset", "earliest",
            // Ingestion writes jobs in transactions.
            "share.isolation.level", "read_committed");

    private static final ConfigResource SAMPLERS = new ConfigResource(ConfigResource.Type.GROUP, Topics.SAMPLERS);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /**
     * Creates what is missing.
     *
     * @throws KafkaException if the broker rejects a request or does not answer within 30 seconds
     */
    public void apply(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            apply(admin);
        }
    }

    /** As {@link #apply(String)}, with a client that stays open. */
    public void apply(Admin admin) {
        Set<String> existing = await(admin.listTopics().names());
        List<NewTopic> missing = TopicSpec.ALL.stream()
                .filter(spec -> !existing.contains(spec.name()))
                .map(spec ->
                        new NewTopic(spec.name(), Optional.of(partitionsOf(spec)), replicas).configs(spec.config()))
                .toList();
        CreateTopicsResult created = admin.createTopics(missing);
        created.values().values().forEach(TopicSetup::awaitUnlessItExists);
        List<String> names = TopicSpec.ALL.stream().map(TopicSpec::name).toList();
        until("the new topics", () -> areReadable(admin.describeTopics(names).allTopicNames()));
        await(admin.incrementalAlterConfigs(Map.of(SAMPLERS, groupConfig())).all());
        until("the settings of the share group", () -> isGroupSet(admin));
    }

    private static boolean isGroupSet(Admin admin) {
        Config config = await(admin.describeConfigs(List.of(SAMPLERS)).all()).get(SAMPLERS);
        return config == null
                || GROUP.entrySet().stream().allMatch(wanted -> {
                    ConfigEntry entry = config.get(wanted.getKey());
                    return entry == null || wanted.getValue().equals(entry.value());
                });
    }

    /**
     * A share group distributes records, not partitions: with several partitions each sampler would see only some of
     * the jobs.
     */
    int partitionsOf(TopicSpec spec) {
        return spec.name().equals(Topics.JOBS) ? 1 : partitions;
    }

    /** Waits until the brokers have learned what the controller just did. */
    private static void until(String what, BooleanSupplier isKnown) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!isKnown.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new KafkaException("The brokers do not know " + what + " after " + TIMEOUT.toSeconds() + " s");
            }
            rest();
        }
    }

    private static boolean areReadable(KafkaFuture<Map<String, TopicDescription>> described) {
        try {
            return await(described).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leader() != null);
        } catch (KafkaException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private static void rest() {
        try {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while creating topics", e);
        }
    }

    private List<AlterConfigOp> groupConfig() {
        Map<String, String> config = new HashMap<>(GROUP);
        config.put("share.record.lock.duration.ms", Long.toString(shareLock.toMillis()));
        return config.entrySet().stream()
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static void awaitUnlessItExists(KafkaFuture<?> creation) {
        try {
            await(creation);
        } catch (KafkaException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw new KafkaException(
                        "No broker answered in time: " + e.getCause().getMessage(), e.getCause());
            }
            throw new KafkaException("The broker refused: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("No broker answered within " + TIMEOUT.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while creating topics", e);
        }
    }
}
