package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.embedded.EmbeddedKafka;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicSetupTest {

    @TempDir
    static Path directory;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory);
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void everyTopicIsMadeOnceAsSpecified() throws Exception {
        // Given
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            // When
            var topics = admin.describeTopics(
                            TopicSpec.ALL.stream().map(TopicSpec::name).toList())
                    .allTopicNames()
                    .get();

            // Then
            assertThat(topics.values())
                    .allMatch(
                            topic -> topic.partitions().size() == (topic.name().equals(Topics.JOBS) ? 1 : 4));
            for (TopicSpec spec : TopicSpec.ALL) {
                var resource = new ConfigResource(ConfigResource.Type.TOPIC, spec.name());
                var config =
                        admin.describeConfigs(List.of(resource)).all().get().get(resource);
                spec.config()
                        .forEach((name, value) ->
                                assertThat(config.get(name).value()).as(name).isEqualTo(value));
            }
        }
    }

    @Test
    void whatGrowsWithEveryProcessIsClearedAwayInTheEnd() {
        for (TopicSpec spec : TopicSpec.ALL) {
            // A job's state stays for as long as the topic: it is what a view is rebuilt from.
            if (!spec.name().equals(Topics.STATE)) {
                assertThat(spec.config()).as(spec.name()).containsKey("retention.ms");
                assertThat(spec.config().get("cleanup.policy")).endsWith("delete");
            }
        }
    }

    @Test
    void theSamplersGroupStartsAtTheFirstJob() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            // Given
            var group = new ConfigResource(ConfigResource.Type.GROUP, Topics.SAMPLERS);

            // When Then
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                var config = admin.describeConfigs(List.of(group)).all().get().get(group);
                assertThat(config.get("share.auto.offset.reset").value()).isEqualTo("earliest");
                assertThat(config.get("share.record.lock.duration.ms").value()).isEqualTo("30000");
                assertThat(config.get("share.isolation.level").value()).isEqualTo("read_committed");
            });
        }
    }

    @Test
    void eventsAndFullChunksPassTheRealBroker() throws Exception {
        // Given
        ByteBuffer bytes = ByteBuffer.allocate(Chunk.MAX_PAYLOAD);
        Chunk chunk = Chunk.media("job-1", 1, 0, 1, Map.of(Chunk.JOB, "x".repeat(100_000)), bytes)
                .get(0);

        // When
        try (EventPublisher publisher = EventPublisher.to(kafka.bootstrapServers())) {
            publisher.send(Samples.JOB).get();
            publisher.send(Topics.MEDIA, chunk).get();
            publisher.flush();
        }

        // Then
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<String, byte[]>(KafkaSettings.consumer(kafka.bootstrapServers(), "publisher-test"))) {
            consumer.subscribe(List.of(Topics.JOBS, Topics.MEDIA));
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (records.size() < 2 && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        assertThat(records).hasSize(2);
        for (ConsumerRecord<String, byte[]> record : records) {
            if (record.topic().equals(Topics.JOBS)) {
                assertThat(Events.read(record)).isEqualTo(Samples.JOB);
            } else {
                assertThat(Chunks.read(record)).isEqualTo(chunk);
            }
        }
    }

    @Test
    void aDeadLetterSaysWhereItCameFromAndWhy() {
        // Given
        var origin = Samples.received(Events.record(Samples.JOB));

        // When
        var letter = Samples.received(DeadLetters.record(origin, "sampler", 5, "POISON", "the device is gone"));

        // Then
        assertThat(letter.topic()).isEqualTo(Topics.DEAD_LETTER);
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo(EventJson.text(Samples.JOB));
        assertThat(Events.header(letter, Events.TYPE_HEADER)).contains(EventType.RESOLVED.text());
        assertThat(Events.header(letter, DeadLetters.ORIGIN)).contains("lowpass.jobs.v1-0@7");
        assertThat(Events.header(letter, DeadLetters.ATTEMPTS)).contains("5");
        assertThat(Events.header(letter, DeadLetters.CODE)).contains("POISON");
        assertThat(Events.header(letter, DeadLetters.ERROR)).contains("the device is gone");
        assertThat(Events.header(letter, DeadLetters.SERVICE)).contains("sampler");
    }
}
