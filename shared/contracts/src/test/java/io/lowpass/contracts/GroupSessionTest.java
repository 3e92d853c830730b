package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupSessionTest {

    @Test
    void aBrokerThatAllowsLessIsAskedForNoMoreThanIsSensible() {
        assertThat(GroupSession.within(Duration.ofSeconds(1)).timeout()).isEqualTo(GroupSession.WANTED);
    }

    @Test
    void aBrokerThatAllowsOnlyMoreGetsThat() {
        // When
        GroupSession session = GroupSession.within(Duration.ofSeconds(6));
        // Then
        assertThat(session.settings()).isEqualTo(Map.of("session.timeout.ms", 6000, "heartbeat.interval.ms", 1000));
    }

    @Test
    void theBrokersAreAskedWhatTheyAllow(@TempDir Path directory) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            // When
            Map<String, Object> settings = KafkaSettings.consumer(kafka.bootstrapServers(), "group");
            // Then: as the local broker has it, which takes the member
            assertThat(settings).containsEntry("session.timeout.ms", 3000).containsEntry("heartbeat.interval.ms", 500);
            TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
            try (KafkaConsumer<String, byte[]> member = new KafkaConsumer<>(settings)) {
                member.subscribe(List.of(Topics.REQUESTS));
                while (member.assignment().isEmpty()) {
                    member.poll(Duration.ofMillis(100));
                }
            }
        }
    }

    @Test
    void brokersThatDoNotAnswerAreTakenToHaveKafkasDefault() {
        assertThat(GroupSession.shortest("127.0.0.1:1", Duration.ofMillis(100)).timeout())
                .isEqualTo(GroupSession.DEFAULT_LIMIT);
    }
}
