package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.Video;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TextViewTest {

    private static final Progress HALF =
            new Progress("job", 1, Instant.EPOCH, Stage.DENOISE, 1, 2, 0.5, 100, 100, Optional.empty());
    private static final Completed DONE = new Completed(
            "job",
            1,
            Instant.EPOCH,
            new Video(
                    "videos",
                    "job.mp4",
                    "s3://videos/job.mp4",
                    "video/mp4",
                    1234,
                    "00",
                    64,
                    48,
                    9,
                    8,
                    Optional.empty()),
            Map.of("denoise", 1500L, "total", 2000L),
            new StepCounts(2, 1, 1, 0),
            42);

    private static String shown(OptionalInt width, JobEvent... events) {
        StringWriter text = new StringWriter();
        TextView view = new TextView(new PrintWriter(text), width);
        for (JobEvent event : events) {
            view.show(event);
        }
        return text.toString();
    }

    @Test
    void aTerminalHasOneLineThatIsErasedAtTheEnd() {
        // When
        String text = shown(OptionalInt.of(80), HALF, HALF, DONE);

        // Then
        String[] lines = text.split("\n");
        assertThat(lines).hasSize(3);
        assertThat(lines[0])
                .startsWith("\r\u001b[Kdenoise [")
                .contains("\r\u001b[Ks3://videos/job.mp4: 64x48, 9 frames");
        assertThat(lines[1]).isEqualTo("denoise 1.5 s, total 2.0 s");
        assertThat(lines[2]).isEqualTo("2 steps: 1 computed, 1 reused, 0 forecast");
    }

    @Test
    void elsewhereEveryStepHasALineWithoutControlCharacters() {
        assertThat(shown(OptionalInt.empty(), HALF, HALF, DONE))
                .doesNotContain("\u001b")
                .hasLineCount(5);
    }

    @Test
    void whatAJobWaitsForIsTold() {
        // When
        String text = shown(
                OptionalInt.empty(),
                new Waiting("job", 1, Instant.EPOCH, Stage.UPLOAD, "STORE.AWAY", "the store does not answer", false),
                new Waiting("job", 1, Instant.EPOCH, Stage.UPLOAD, "STORE.AWAY", "the store does not answer", true));

        // Then
        assertThat(text).isEqualTo("waits: the store does not answer\ncontinues after: the store does not answer\n");
    }

    @Test
    void furtherAttemptsAndEndsAreTold() {
        // Given
        Failure error = new Failure("SAMPLER.ERROR", ErrorClass.RETRYABLE, "it fell over");

        // When
        String text = shown(
                OptionalInt.empty(),
                new Started("job", 1, Instant.EPOCH, "a", "cpu", Optional.of("demo"), Optional.of(true)),
                new Failed("job", 1, Instant.EPOCH, error, true),
                new Started("job", 2, Instant.EPOCH, "b", "cpu", Optional.of("demo"), Optional.of(true)),
                new Cancelled("job", 2, Instant.EPOCH, 7, "enough"));

        // Then
        assertThat(text.lines())
                .containsExactly(
                        "failed (retryable, SAMPLER.ERROR): it fell over; trying again",
                        "attempt 2 by b",
                        "cancelled after step 7");
    }
}
