package io.lowpass.trials.chaos;

import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** The lags of the services' groups. */
final class GroupLags implements AutoCloseable {

    private static final Map<String, String> TOPICS = Map.of(
            "lowpass-ingestion", Topics.REQUESTS,
            "lowpass-ingestion-control", Topics.CONTROL,
            "lowpass-encoders", Topics.LATENTS,
            "lowpass-storage", Topics.MEDIA);
    private static final int TIMEOUT_SECONDS = 15;

    private final Admin admin;
    private final TopicEnds ends;

    GroupLags(String bootstrap) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        ends = new TopicEnds(bootstrap);
    }

    /** A line for each group and partition with a lag. */
    List<String> lines() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> group : TOPICS.entrySet()) {
            lines.addAll(lines(group.getKey(), group.getValue()));
        }
        get(admin.listShareGroupOffsets(Map.of(Topics.SAMPLERS, new ListShareGroupOffsetsSpec()))
                        .partitionsToOffsetInfo(Topics.SAMPLERS))
                .forEach((partition, info) -> {
                    long lag = info == null ? 0 : info.lag().orElse(0L);
                    if (lag > 0) {
                        lines.add(Topics.SAMPLERS + " has a lag of " + lag + " on " + partition);
                    }
                });
        return lines;
    }

    private List<String> lines(String group, String topic) throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        List<TopicPartition> partitions = get(
                        admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .stream()
                .flatMap(description -> description.partitions().stream())
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        List<String> lines = new ArrayList<>();
        ends.of(partitions).forEach((partition, end) -> {
            OffsetAndMetadata done = committed.get(partition);
            long lag = end - (done == null ? 0 : done.offset());
            if (lag > 0) {
                lines.add(group + " has a lag of " + lag + " on " + partition);
            }
        });
        return lines;
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException error) {
            throw new IllegalStateException("the lags are not available: " + error.getMessage(), error);
        }
    }

    @Override
    public void close() {
        admin.close();
        ends.close();
    }
}
