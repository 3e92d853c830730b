package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Brokers whose topics are not there yet, grow, or are changed while they are read. */
class JobStatesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(directory);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private void change(ThrowingChange change) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            change.with(admin);
        }
    }

    private interface ThrowingChange {
        void with(Admin admin) throws Exception;
    }

    @Test
    @Timeout(120)
    void topicsThatAreNotThereYetAreWaitedFor() throws Exception {
        // Given: an empty broker
        try (JobStates states = new JobStates(kafka.bootstrapServers(), "test")) {
            await().during(Duration.ofMillis(500)).until(() -> !states.isCurrent());

            // When
            TopicSetup.DEFAULT.apply(kafka.bootstrapServers());

            // Then
            await().atMost(PATIENCE).until(states::isCurrent);
            states.catchUp();
        }
    }

    @Test
    @Timeout(120)
    void whatIsWrittenToPartitionsThatWereAddedIsRead() throws Exception {
        // Given
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        try (JobStates states = new JobStates(kafka.bootstrapServers(), "test")) {
            await().atMost(PATIENCE).until(states::isCurrent);

            // When
            change(admin -> admin.createPartitions(Map.of(
                            Topics.STATE, NewPartitions.increaseTo(6), Topics.CONTROL, NewPartitions.increaseTo(6)))
                    .all()
                    .get());
            try (EventPublisher publisher = EventPublisher.to(kafka.bootstrapServers())) {
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> publisher
                                        .send(in(5, new Cancelled("ended", 1, Instant.now(), 0, "enough")))
                                        .join()
                                        .partition()
                                == 5);
                publisher
                        .send(in(5, new CancelRequested("unwanted", Instant.now(), "never mind")))
                        .join();
            }

            // Then: whoever asks knows it at once, and others soon
            states.catchUp();
            assertThat(states.isOver("ended")).isTrue();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(states.cancelRequest("unwanted")).contains("never mind"));
        }
    }

    private static ProducerRecord<String, byte[]> in(int partition, Event event) {
        ProducerRecord<String, byte[]> record = Events.record(event);
        return new ProducerRecord<>(record.topic(), partition, record.key(), record.value(), record.headers());
    }

    @Test
    @Timeout(120)
    void whatIsChangedWhileServicesRunIsToldAndThatItIsMendedToo() throws Exception {
        // Given
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        change(admin -> admin.incrementalAlterConfigs(policy("delete")).all().get());
        try (BrokerMonitor brokerMonitor = new BrokerMonitor(kafka.bootstrapServers(), "test")) {
            // When Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(brokerMonitor.problem())
                            .hasValueSatisfying(text -> assertThat(text)
                                    .contains(
                                            "lowpass.state.v1: cleanup.policy is delete, wanted is compact",
                                            "doctor")));

            // When
            change(admin ->
                    admin.incrementalAlterConfigs(policy("compact")).all().get());

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(brokerMonitor.problem()).isEmpty());
        }
    }

    private static Map<ConfigResource, java.util.Collection<AlterConfigOp>> policy(String policy) {
        return Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, Topics.STATE),
                List.of(new AlterConfigOp(new ConfigEntry("cleanup.policy", policy), AlterConfigOp.OpType.SET)));
    }

    @Test
    @Timeout(120)
    void aClockThatIsFarOffIsTold() {
        // Given
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));

        // When Then
        try (BrokerMonitor brokerMonitor = new BrokerMonitor(kafka.bootstrapServers(), "test", ahead)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(brokerMonitor.problem())
                            .hasValueSatisfying(text -> assertThat(text).contains("120 min ahead of")));
        }
    }
}
