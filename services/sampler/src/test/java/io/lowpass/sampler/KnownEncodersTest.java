package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownEncodersTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private static Path directory;

    @Test
    void encodersAreHeardBehindATransactionThatSomebodyLeavesOpen() throws Exception {
        try (SamplerHarness place = new SamplerHarness(directory, Duration.ofSeconds(15));
                SharedState sharedState = SharedState.of(place.bootstrap(), "listener");
                Producer<String, byte[]> foreign = foreign(place.bootstrap())) {
            sharedState.catchUp();
            assertThat(sharedState.isCurrent()).isTrue();
            // Given: a record in every partition, in a transaction that stays open
            foreign.initTransactions();
            foreign.beginTransaction();
            for (PartitionInfo partition : foreign.partitionsFor(Topics.WORKERS)) {
                foreign.send(new ProducerRecord<>(Topics.WORKERS, partition.partition(), "k", new byte[0]))
                        .get();
            }

            // When
            place.encoder("m", "lately added");

            // Then: who listened before knows it, and who begins now, and the foreign record is counted
            await().atMost(LONG)
                    .until(() -> sharedState.encoders().obstacle("lately added").isEmpty());
            assertThat(sharedState.unreadable()).isPositive();
            try (SharedState late = SharedState.of(place.bootstrap(), "late")) {
                late.catchUp();
                assertThat(late.isCurrent()).isTrue();
                assertThat(late.encoders().obstacle("lately added")).isEmpty();
            }
            foreign.abortTransaction();
        }
    }

    /** Its transactions stay open for longer than the test takes. */
    private static Producer<String, byte[]> foreign(String bootstrap) {
        Map<String, Object> settings = new java.util.HashMap<>(KafkaSettings.producer(bootstrap, "foreign"));
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 300_000);
        return new KafkaProducer<>(settings);
    }
}
