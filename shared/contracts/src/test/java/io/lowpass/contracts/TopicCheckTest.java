package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.TopicCheck.Difference;
import io.lowpass.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers on which others made topics before the services came. */
class TopicCheckTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private Admin admin;
    private TopicCheck check;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(directory);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        check = new TopicCheck(admin);
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    private List<String> texts() {
        return check.differences().stream().map(Difference::text).toList();
    }

    private void awaitNothing() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts()).isEmpty());
    }

    private void set(ConfigResource.Type type, String name, String setting, String value) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(type, name),
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    @Test
    void whatTheServicesMadeIsAsItShouldBeAndMoreIsNoHarm() throws Exception {
        // Given
        TopicSetup.DEFAULT.apply(admin);
        awaitNothing();

        // When
        admin.createPartitions(Map.of(Topics.STATE, NewPartitions.increaseTo(8)))
                .all()
                .get();
        set(ConfigResource.Type.TOPIC, Topics.MEDIA, "retention.ms", "-1");
        set(ConfigResource.Type.TOPIC, Topics.LATENTS, "retention.ms", "999999999");
        set(ConfigResource.Type.TOPIC, Topics.JOBS, "max.message.bytes", "8388608");
        set(ConfigResource.Type.TOPIC, Topics.WORKERS, "cleanup.policy", "delete,compact");
        set(ConfigResource.Type.GROUP, Topics.SAMPLERS, "share.record.lock.duration.ms", "45000");

        // Then
        awaitNothing();
    }

    @Test
    void topicsOfABrokersDefaultsAreToldAndMendedAsFarAsIsSafe() throws Exception {
        // Given: as a broker makes them that creates topics by itself
        admin.createTopics(List.of(
                        new NewTopic(Topics.STATE, Optional.of(1), Optional.of((short) 1)),
                        new NewTopic(Topics.REQUESTS, Optional.of(4), Optional.of((short) 1)),
                        new NewTopic(Topics.JOBS, Optional.of(2), Optional.of((short) 1))))
                .all()
                .get();

        // When Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(texts())
                        .contains(
                                "topic lowpass.progress.v1 does not exist",
                                "topic lowpass.state.v1: cleanup.policy is delete, wanted is compact",
                                "topic lowpass.state.v1: min.compaction.lag.ms is 0, wanted is at least 604800000",
                                "topic lowpass.requests.v1: max.message.bytes is 1048588, wanted is at least 2097152",
                                "share group lowpass-samplers: share.auto.offset.reset is latest, wanted is earliest")
                        .anySatisfy(text -> assertThat(text)
                                .startsWith("topic lowpass.state.v1 has 1 partition, wanted are at least 4: add them"))
                        .noneSatisfy(text -> assertThat(text).contains("lowpass.jobs.v1 has")));

        // When
        check.mend();

        // Then: keys would move to other partitions, so partitions are left to a person
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(check.differences())
                        .singleElement()
                        .satisfies(left -> {
                            assertThat(left.text()).contains("lowpass.state.v1 has 1 partition", "--partitions 4");
                            assertThat(left.isMendable()).isFalse();
                        }));
    }

    @Test
    void settingsThatWouldLoseRecordsAreTold() throws Exception {
        // Given
        TopicSetup.DEFAULT.apply(admin);
        awaitNothing();
        set(ConfigResource.Type.TOPIC, Topics.LATENTS, "retention.ms", "60000");
        set(ConfigResource.Type.TOPIC, Topics.REQUESTS, "cleanup.policy", "compact");
        set(ConfigResource.Type.TOPIC, Topics.CONTROL, "message.timestamp.before.max.ms", "0");
        set(ConfigResource.Type.GROUP, Topics.SAMPLERS, "share.isolation.level", "read_uncommitted");
        set(ConfigResource.Type.GROUP, Topics.SAMPLERS, "share.delivery.count.limit", "3");

        // When Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(texts())
                        .containsExactlyInAnyOrder(
                                "topic lowpass.latents.v1: retention.ms is 60000, wanted is at least 21600000",
                                "topic lowpass.requests.v1: cleanup.policy is compact, wanted is delete",
                                "topic lowpass.control.v1: message.timestamp.before.max.ms is 0, wanted is at least"
                                        + " 600000",
                                "share group lowpass-samplers: share.isolation.level is read_uncommitted, wanted is"
                                        + " read_committed",
                                "share group lowpass-samplers: share.delivery.count.limit is 3, wanted is at least 4"));
        check.mend();
        awaitNothing();
    }

    @Test
    void aBrokerWithoutShareGroupsIsTold() throws Exception {
        // Given
        TopicSetup.DEFAULT.apply(admin);
        admin.updateFeatures(
                        Map.of("share.version", new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE)),
                        new UpdateFeaturesOptions())
                .all()
                .get();

        // When Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(check.differences()).anySatisfy(difference -> {
                    assertThat(difference.text())
                            .contains("has no share groups", "share.version is 0", "kafka-features.sh");
                    assertThat(difference.isMendable()).isFalse();
                }));
    }

    @Test
    void aClockThatIsFarOffIsTold() {
        assertThat(new BrokerClock(admin, Clock.systemUTC()).problem()).isEmpty();
        assertThat(new BrokerClock(admin, Clock.offset(Clock.systemUTC(), Duration.ofHours(2))).problem())
                .hasValueSatisfying(text -> assertThat(text).contains("120 min ahead of the Kafka cluster's"));
        assertThat(new BrokerClock(admin, Clock.offset(Clock.systemUTC(), Duration.ofHours(-2))).problem())
                .hasValueSatisfying(text -> assertThat(text).contains("120 min behind the Kafka cluster's"));
    }

    @Test
    void topicsCanBeReadAsSoonAsTheyAreMade() {
        try (var consumer = new KafkaConsumer<String, byte[]>(KafkaSettings.consumer(kafka.bootstrapServers()));
                TopicEnds ends = new TopicEnds(kafka.bootstrapServers())) {
            // When
            TopicSetup.DEFAULT.apply(admin);

            // Then
            assertThat(consumer.partitionsFor(Topics.STATE)).hasSize(4);
            WholeTopics state = new WholeTopics(consumer, ends, Topics.STATE, Topics.CONTROL);
            state.assignNowAndThen();
            assertThat(consumer.assignment()).hasSize(8);
        }
    }

    @Test
    void aTransactionThatStaysOpenIsNamedUntilItEnds() {
        // Given
        TopicSetup.DEFAULT.apply(admin);
        awaitNothing();
        TopicCheck later = new TopicCheck(admin, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2)));
        Map<String, Object> settings = new HashMap<>(KafkaSettings.producer(kafka.bootstrapServers(), "a-stranger"));
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 600_000);
        try (KafkaProducer<String, byte[]> stranger = new KafkaProducer<>(settings)) {
            stranger.initTransactions();
            stranger.beginTransaction();
            var unused = stranger.send(new ProducerRecord<>(Topics.STATE, 2, "key", new byte[1]));
            stranger.flush();

            // When
            List<Difference> found = later.differences();
            stranger.abortTransaction();

            // Then
            assertThat(found).singleElement().satisfies(difference -> {
                assertThat(difference.text())
                        .contains("topic lowpass.state.v1: partition 2 has had a transaction open since")
                        .contains("a-stranger", "Ongoing", "--topic lowpass.state.v1 --partition 2 --start-offset 0");
                assertThat(difference.isMendable()).isFalse();
            });
            assertThat(texts()).isEmpty();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(later.differences()).isEmpty());
        }
    }
}
