package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.streaming.CancellationToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AcquisitionLockTest {

    @TempDir
    private Path directory;

    @Test
    @Timeout(60)
    void aRecordIsRegainedUntilItNearsTheBrokersLimitOfDeliveries() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            new TopicSetup(1, Optional.empty(), Duration.ofSeconds(15)).apply(kafka.bootstrapServers());
            try (EventPublisher publisher = EventPublisher.to(kafka.bootstrapServers());
                    KafkaShareConsumer<String, byte[]> consumer = consumer(kafka)) {
                // Given
                publisher.send(SamplerHarness.job("cut", 2)).join();
                consumer.subscribe(List.of(Topics.JOBS));
                ConsumerRecord<String, byte[]> record = polled(consumer);
                AcquisitionLock lock = new AcquisitionLock("worker", consumer, record, new CancellationToken());
                CompletableFuture<Boolean> neverBack = new CompletableFuture<>();

                // When: the broker releases the record, as it does when a connection is cut
                lock.end(AcknowledgeType.RELEASE);
                boolean second = lock.regain(() -> true, neverBack);
                lock.end(AcknowledgeType.RELEASE);
                boolean third = lock.regain(() -> true, neverBack);

                // Then
                assertThat(record.deliveryCount()).contains((short) 1);
                assertThat(second).isTrue();
                assertThat(third).isFalse();
                assertThat(lock.other()).hasValueSatisfying(next -> {
                    assertThat(next.offset()).isEqualTo(record.offset());
                    assertThat(next.deliveryCount()).contains((short) 3);
                });
            }
        }
    }

    private static ConsumerRecord<String, byte[]> polled(KafkaShareConsumer<String, byte[]> consumer) {
        Optional<ConsumerRecord<String, byte[]>> record = Optional.empty();
        while (record.isEmpty()) {
            record = AcquisitionLock.first(consumer.poll(Duration.ofMillis(100)));
        }
        return record.get();
    }

    private static KafkaShareConsumer<String, byte[]> consumer(EmbeddedKafka kafka) {
        return new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        Topics.SAMPLERS,
                        "share.acknowledgement.mode",
                        "explicit"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }
}
