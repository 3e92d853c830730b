package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.Topics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class JobEventReaderTest {

    private static ConsumerRecord<String, byte[]> at(long millis, String topic, long offset) {
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                millis,
                TimestampType.CREATE_TIME,
                1,
                1,
                "j",
                new byte[1],
                new RecordHeaders(),
                Optional.empty());
    }

    @Test
    void aClockThatIsBehindTakesNoPositionBack() {
        // Given: the second writer of the progress has a clock that is behind
        List<ConsumerRecord<String, byte[]>> progress =
                List.of(at(30, Topics.PROGRESS, 0), at(10, Topics.PROGRESS, 1), at(50, Topics.PROGRESS, 2));
        List<ConsumerRecord<String, byte[]>> state = List.of(at(20, Topics.STATE, 7), at(40, Topics.STATE, 8));

        // When
        List<ConsumerRecord<String, byte[]>> told = JobEventReader.inOrder(
                Stream.concat(progress.stream(), state.stream()).toList());

        // Then
        assertThat(told).containsExactly(state.get(0), progress.get(0), progress.get(1), state.get(1), progress.get(2));
    }
}
