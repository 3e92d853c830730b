package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.JobRun.State;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import io.lowpass.testing.kafka.TopicRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobRunsTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final BooleanSupplier HELD = () -> false;
    private static final BooleanSupplier LOST = () -> true;

    @TempDir
    static Path directory;

    static EmbeddedKafka kafka;
    static TopicRecords jobs;

    /** Two samplers. */
    static JobRuns first;

    static JobRuns second;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(directory);
        TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
        jobs = new TopicRecords(kafka.bootstrapServers(), Topics.JOBS);
        first = new JobRuns(kafka.bootstrapServers(), "first");
        second = new JobRuns(kafka.bootstrapServers(), "second");
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        jobs.close();
        kafka.close();
    }

    /** The job's record as the broker gives it out. */
    private static ConsumerRecord<String, byte[]> delivered(String jobId, int copy, int deliveries) {
        RecordHeaders headers = new RecordHeaders();
        if (copy > 0) {
            headers.add(JobRuns.COPY_HEADER, Integer.toString(copy).getBytes(StandardCharsets.UTF_8));
        }
        return new ConsumerRecord<>(
                Topics.JOBS,
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                2,
                jobId,
                new byte[] {'{', '}'},
                headers,
                Optional.empty(),
                Optional.of((short) deliveries));
    }

    /** What was written anew of a job's record. */
    private static List<ConsumerRecord<String, byte[]>> copies(String jobId) {
        return jobs.records().stream()
                .filter(record -> Objects.equals(record.key(), jobId))
                .toList();
    }

    @Test
    void aRunThatIsLostCostsAnAttemptAndOneThatIsHandedBackDoesNot() {
        // Given
        JobRun lost = first.begin(delivered("counted", 0, 1), HELD).orElseThrow();
        // When
        JobRun afterLoss = second.begin(delivered("counted", 0, 2), HELD).orElseThrow();
        second.end(afterLoss, State.HANDED_BACK);
        JobRun afterHandBack = first.begin(delivered("counted", 0, 3), HELD).orElseThrow();
        // Then
        assertThat(List.of(lost, afterLoss, afterHandBack))
                .extracting(JobRun::attempt)
                .containsExactly(1, 2, 2);
        assertThat(List.of(lost, afterLoss, afterHandBack))
                .extracting(JobRun::run)
                .containsExactly(1, 2, 3);
    }

    @Test
    void whoLostItsJobAndDoesNotKnowItChangesNothing() {
        // Given
        JobRun hung = first.begin(delivered("hung", 0, 1), HELD).orElseThrow();
        JobRun newer = second.begin(delivered("hung", 0, 2), HELD).orElseThrow();
        // When
        boolean noted = first.end(hung, State.DONE);
        // Then
        assertThat(noted).isFalse();
        assertThat(first.isNewest(hung)).isFalse();
        assertThat(second.end(newer, State.HANDED_BACK)).isTrue();
        assertThat(first.begin(delivered("hung", 0, 3), HELD)).isPresent();
    }

    @Test
    void aJobWhoseLatentsAreOutIsNotRunAgain() {
        // Given
        JobRun run = first.begin(delivered("out", 0, 1), HELD).orElseThrow();
        first.end(run, State.DONE);
        // When Then
        assertThat(second.begin(delivered("out", 0, 2), HELD)).isEmpty();
        assertThat(second.begin(delivered("out", 1, 1), HELD)).isEmpty();
    }

    @Test
    void ofARecordThatWasWrittenAnewOnlyTheNewestCopyCounts() {
        // Given: two samplers had the record in their hands
        JobRun lost = first.begin(delivered("copied", 0, 1), HELD).orElseThrow();
        first.rewrite(delivered("copied", 0, 3), HELD);
        // When
        second.rewrite(delivered("copied", 0, 3), HELD);
        // Then
        List<ConsumerRecord<String, byte[]>> records = copies("copied");
        assertThat(records).extracting(JobRuns::copy).containsExactly(1);
        assertThat(second.begin(delivered("copied", 0, 4), HELD)).isEmpty();
        JobRun again = second.begin(records.get(0), HELD).orElseThrow();
        assertThat(again.attempt()).isEqualTo(lost.attempt() + 1);
        assertThat(again.copy()).isEqualTo(1);
    }

    @Test
    void afterABrokerForgotADeliveryTheWordOfItsWorkerIsWaitedFor() throws Exception {
        // Given: the record comes under the same number once more
        JobRun run = first.begin(delivered("forgotten", 0, 1), HELD).orElseThrow();
        // When: nobody says a word
        second.awaitOutcome(delivered("forgotten", 0, 1), Duration.ofMillis(100));
        // Then
        assertThat(second.nextAttempt("forgotten")).isEqualTo(2);
        // When: its worker is alive
        first.end(run, State.HANDED_BACK);
        second.awaitOutcome(delivered("forgotten", 0, 1), LONG);
        // Then
        assertThat(second.nextAttempt("forgotten")).isEqualTo(1);
    }

    @Test
    void thatAllLatentsAreOutIsNotTakenBackByALateHandBack() {
        // Given
        JobRun run = first.begin(delivered("final", 0, 1), HELD).orElseThrow();
        first.end(run, State.DONE);
        // When
        boolean noted = first.end(run, State.HANDED_BACK);
        // Then
        assertThat(noted).isFalse();
        assertThat(second.begin(delivered("final", 0, 2), HELD)).isEmpty();
    }

    @Test
    void whoHasLostTheRecordNeitherBeginsNorWritesItAnew() {
        // When Then
        assertThat(first.begin(delivered("gone", 0, 1), LOST)).isEmpty();
        assertThat(first.rewrite(delivered("gone", 0, 1), LOST)).isFalse();
        assertThat(copies("gone")).isEmpty();
        JobRun run = second.begin(delivered("gone", 0, 2), HELD).orElseThrow();
        assertThat(run.run()).isEqualTo(1);
        assertThat(run.attempt()).isEqualTo(1);
    }

    @Test
    void aRecordIsNotWrittenAnewIfAnotherRunBeganMeanwhile() {
        // Given: a broker that was restarted gave the record to another as well, which is quicker
        List<JobRun> begun = new ArrayList<>();
        BooleanSupplier overtaken = () -> {
            if (begun.isEmpty()) {
                second.begin(delivered("overtaken", 0, 1), HELD).ifPresent(begun::add);
            }
            return false;
        };
        // When
        boolean replaced = first.rewrite(delivered("overtaken", 0, 1), overtaken);
        // Then
        assertThat(replaced).isFalse();
        assertThat(copies("overtaken")).isEmpty();
        assertThat(second.end(begun.get(0), State.DONE)).isTrue();
    }
}
