package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.contracts.Topics;
import io.lowpass.ingestion.JobView.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class JobViewTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private static JobView after(Event... events) {
        JobView view = JobView.of(events[0]);
        for (Event event : List.of(events)) {
            view = view.after(event);
        }
        return view;
    }

    private static Started started(int attempt) {
        return new Started("j", attempt, AT, "w", "cpu", Optional.of("demo"), Optional.of(true));
    }

    private static Progress step(int attempt, int step) {
        return new Progress("j", attempt, AT, Stage.DENOISE, step, 50, step / 50.0, 1, 1, Optional.empty());
    }

    private static Failed failed(int attempt, boolean willRetry) {
        return new Failed("j", attempt, AT, new Failure("X", ErrorClass.RETRYABLE, "x"), willRetry);
    }

    @Test
    void aJobRunsOnceASamplerHasItOrTellsOfAStep() {
        assertThat(after(started(1)).state()).isEqualTo(State.RUNNING);
        assertThat(after(step(1, 3)).state()).isEqualTo(State.RUNNING);
        assertThat(after(step(1, 3)).progress()).contains(step(1, 3));
    }

    @Test
    void aStepThatComesLateTakesNothingBack() {
        assertThat(after(step(1, 3), step(1, 2)).progress()).contains(step(1, 3));
    }

    @Test
    void anAttemptThatWasHandedBackBeginsAnew() {
        // When
        JobView again = after(started(1), step(1, 40), started(1));
        // Then
        assertThat(again.state()).isEqualTo(State.RUNNING);
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.progress()).isEmpty();
        assertThat(again.after(step(1, 1)).progress()).contains(step(1, 1));
    }

    @Test
    void aJobTellsWhyItWaitsUntilItStarts() {
        // When
        JobView waits = after(new Waiting("j", 1, AT, Stage.DENOISE, "ENCODER.NONE", "no encoder is there", false));
        // Then
        assertThat(waits.state()).isEqualTo(State.QUEUED);
        assertThat(waits.waiting()).map(Waiting::reason).contains("no encoder is there");
        assertThat(waits.after(started(1)).waiting()).isEmpty();
    }

    @Test
    void anOlderAttemptIsNotListenedTo() {
        // When
        JobView view = after(step(1, 40), started(2), step(2, 1), step(1, 41), failed(1, true));

        // Then
        assertThat(view.attempt()).isEqualTo(2);
        assertThat(view.progress()).contains(step(2, 1));
        assertThat(view.state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aFailureThatIsTriedAgainIsNotTheEnd() {
        assertThat(after(started(1), failed(1, true)).state()).isEqualTo(State.RETRYING);
        assertThat(after(started(1), failed(1, true), started(2)).end()).isEmpty();
        assertThat(after(started(1), failed(1, false)).state()).isEqualTo(State.FAILED);
        assertThat(after(started(1), failed(1, false)).end()).contains(failed(1, false));
    }

    @Test
    void nothingFollowsTheEnd() {
        // Given
        Cancelled cancelled = new Cancelled("j", 1, AT, 7, "r");

        // Then
        assertThat(after(cancelled, step(1, 8), failed(2, false)).end()).contains(cancelled);
    }

    @Test
    void theEndCountsEvenIfWhoToldItKnewOfNoNewerAttempt() {
        // Given: cancelled while they waited, and at the same moment a sampler began
        Cancelled queued = new Cancelled("j", 0, AT, 0, "r");
        Cancelled retrying = new Cancelled("j", 1, AT, 1, "r");

        // Then
        assertThat(after(started(1), queued).state()).isEqualTo(State.CANCELLED);
        assertThat(after(started(1), queued).end()).contains(queued);
        assertThat(after(started(1), queued).attempt()).isEqualTo(1);
        assertThat(after(failed(1, true), started(2), retrying).state()).isEqualTo(State.CANCELLED);
        assertThat(after(started(1), new Rejected("j", AT, List.of())).state()).isEqualTo(State.RUNNING);
    }

    @Test
    void aStepThatIsReadAfterTheEndIsKnownAndChangesNothingElse() {
        // Given
        Cancelled cancelled = new Cancelled("j", 1, AT, 7, "r");

        // Then
        assertThat(after(cancelled, step(1, 7)).progress()).contains(step(1, 7));
        assertThat(after(cancelled, step(1, 7)).state()).isEqualTo(State.CANCELLED);
    }

    @Test
    void aPositionIsReadBackAndAnythingElseIsNone() {
        EventPosition position = new EventPosition(
                Map.of(new TopicPartition(Topics.STATE, 3), 12L, new TopicPartition(Topics.PROGRESS, 0), 7L), false);
        EventPosition end = new EventPosition(position.offsets(), true);
        assertThat(position.toString()).isEqualTo("s3.12-p0.7");
        assertThat(EventPosition.parse(position.toString())).contains(position);
        assertThat(EventPosition.parse(end.toString())).contains(end);
        for (String other : List.of("", "12", "12-7", "s3.12-", "-s3.12", "end", "s3.12-end-p0.7", "s3.-1", "x3.12")) {
            assertThat(EventPosition.parse(other)).as(other).isEmpty();
        }
    }
}
