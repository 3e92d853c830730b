package io.lowpass.trials.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.Records;
import io.lowpass.contracts.TopicSpec;
import io.lowpass.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class UnexpectedRecordsTest {

    @Test
    void everyTopicGetsEveryKind() {
        // When
        List<ProducerRecord<byte[], byte[]>> all = UnexpectedRecords.all();

        // Then
        for (TopicSpec topic : TopicSpec.ALL) {
            List<ProducerRecord<byte[], byte[]>> records = all.stream()
                    .filter(record -> record.topic().equals(topic.name()))
                    .toList();
            assertThat(records).as(topic.name()).hasSize(all.size() / TopicSpec.ALL.size());
            assertThat(records).as("null value").anyMatch(record -> record.value() == null);
            assertThat(records).as("null key").anyMatch(record -> record.key() == null);
            assertThat(records)
                    .as("null header")
                    .anyMatch(record -> record.headers().lastHeader("ce_type") != null
                            && record.headers().lastHeader("ce_type").value() == null);
            assertThat(records)
                    .as("as large as the topic takes")
                    .anyMatch(
                            record -> record.value() != null && record.value().length > topic.maxMessageBytes() * 0.9);
        }
    }

    @Test
    void whatIsNoWishToCancelMustBeAnsweredOnTheControlTopic() {
        // When
        List<String> answered = UnexpectedRecords.all().stream()
                .filter(record -> record.topic().equals(Topics.CONTROL))
                .filter(record -> record.key() != null && record.key().length > 0)
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .filter(key -> UnexpectedRecords.isAnswered(Topics.CONTROL, key))
                .toList();

        // Then
        assertThat(answered).isEqualTo(unreadable());
    }

    /** Keys of the records that the services' reader takes for none. */
    private static List<String> unreadable() {
        return UnexpectedRecords.all().stream()
                .filter(record -> record.topic().equals(Topics.CONTROL))
                .filter(record -> record.key() != null && record.key().length > 0)
                .map(UnexpectedRecordsTest::received)
                .filter(record -> Records.event(record).found().isEmpty())
                .map(ConsumerRecord::key)
                .toList();
    }

    private static ConsumerRecord<String, byte[]> received(ProducerRecord<byte[], byte[]> record) {
        ConsumerRecord<String, byte[]> received = new ConsumerRecord<>(
                record.topic(), 0, 0, new String(record.key(), StandardCharsets.UTF_8), record.value());
        record.headers().forEach(received.headers()::add);
        return received;
    }

    @Test
    void everyKeyIsThereOnceSoThatAnAnswerIsKnown() {
        // When
        List<String> keys = UnexpectedRecords.all().stream()
                .filter(record -> record.key() != null && record.key().length > 0)
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();

        // Then
        assertThat(keys).doesNotHaveDuplicates().hasSizeGreaterThan(100);
    }
}
