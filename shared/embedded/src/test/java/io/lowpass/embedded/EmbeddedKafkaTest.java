package io.lowpass.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    @TempDir
    Path directory;

    @Test
    void recordsAreThereAgainAfterARestartOnTheSameDirectory() throws Exception {
        // Given
        int port;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            port = kafka.port();
            Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
            try (Admin admin = Admin.create(settings)) {
                admin.createTopics(List.of(new NewTopic("t", Optional.of(1), Optional.empty())))
                        .all()
                        .get();
            }
            try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("t", "key", "value")).get();
            }
        }

        // When
        List<String> values = new ArrayList<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, port);
                var consumer = new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(new TopicPartition("t", 0)));
            consumer.poll(Duration.ofSeconds(20)).forEach(record -> values.add(record.value()));
        }

        // Then
        assertThat(values).containsExactly("value");
    }
}
