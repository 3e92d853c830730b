package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.ingestion.Admission.Decision;
import io.lowpass.ingestion.EndedJobs.Retention;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the view keeps, and what it says of what it does not keep. */
class JobStatesTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Retention THREE_FOR_AN_HOUR = new Retention(3, Duration.ofHours(1));

    private Instant now = START;

    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    private final JobStates states = new JobStates(THREE_FOR_AN_HOUR, clock);

    private final Admission admission =
            new Admission(new RequestValidation(ModelCatalogue.SHIPPED, "videos", clock, new Random(1)), states);

    private JobEvent end(String jobId) {
        return new Cancelled(jobId, 1, now, 1, "enough");
    }

    private Decision request(String jobId, String body) {
        Decision decision =
                admission.decide(Optional.of(jobId).filter(id -> !id.isEmpty()), body.getBytes(StandardCharsets.UTF_8));
        Admission.events(decision, now).forEach(states::add);
        return decision;
    }

    @Test
    void onlyTheNewestEndedJobsAreKeptAndAllThatGoOn() {
        // Given
        IntStream.range(0, 10)
                .forEach(i -> states.add(
                        new Started("live-" + i, 1, now, "w", "cpu", Optional.of("demo"), Optional.of(true))));
        // When
        for (int i = 0; i < 10; i++) {
            now = START.plusSeconds(i);
            states.add(end("ended-" + i));
        }
        // Then
        assertThat(IntStream.range(0, 10).filter(i -> states.find("ended-" + i).isPresent()))
                .containsExactly(7, 8, 9);
        assertThat(IntStream.range(0, 10).filter(i -> states.isGone("ended-" + i)))
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(IntStream.range(0, 10).filter(i -> states.find("live-" + i).isPresent()))
                .hasSize(10);
        assertThat(states.open()).isEqualTo(10);
        assertThat(states.recent(100)).hasSize(13);
    }

    @Test
    void anEndedJobIsDroppedWhenItIsTooOldAndOneThatGoesOnIsNot() {
        // Given
        states.add(end("old"));
        states.add(new Started("live", 1, now, "w", "cpu", Optional.of("demo"), Optional.of(true)));
        // When
        now = START.plus(Duration.ofMinutes(59));
        states.add(end("young"));
        assertThat(states.find("old")).isPresent();
        now = START.plus(Duration.ofMinutes(61));
        states.add(end("younger"));
        // Then
        assertThat(states.find("old")).isEmpty();
        assertThat(states.isGone("old")).isTrue();
        assertThat(states.find("young")).isPresent();
        assertThat(states.find("live")).isPresent();
    }

    @Test
    void whatComesLateDoesNotBringADroppedJobBack() {
        // Given
        states.add(end("dropped"));
        now = START.plus(Duration.ofHours(2));
        // When
        states.add(new Progress("dropped", 1, START, Stage.DENOISE, 1, 2, 0.5, 1, 1, Optional.empty()));
        states.add(end("dropped"));
        // Then
        assertThat(states.find("dropped")).isEmpty();
        assertThat(states.open()).isZero();
    }

    @Test
    void theNamesOfADroppedJobStayItsOwn() {
        // Given
        request("named", "{\"prompt\": \"a\", \"idempotencyKey\": \"k\"}");
        states.add(end("named"));
        now = START.plus(Duration.ofHours(2));
        states.add(new Started("later", 1, now, "w", "cpu", Optional.of("demo"), Optional.of(true)));
        assertThat(states.isGone("named")).isTrue();
        // When
        Decision sameId = request("named", "{\"prompt\": \"a\"}");
        Decision sameKey = request("other", "{\"prompt\": \"a\", \"idempotencyKey\": \"k\"}");
        Decision wrong = request("named", "{\"prompt\": 3}");
        Decision another = request("another", "{\"prompt\": \"a\"}");
        // Then
        assertThat(sameId)
                .isInstanceOfSatisfying(
                        Decision.Clash.class,
                        clash -> assertThat(clash.errors().get(0).field()).isEqualTo("jobId"));
        assertThat(sameKey)
                .isInstanceOfSatisfying(
                        Decision.Clash.class,
                        clash -> assertThat(clash.errors().get(0).field()).isEqualTo("idempotencyKey"));
        assertThat(wrong).isInstanceOf(Decision.Clash.class);
        assertThat(another).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void aDroppedJobIsAnsweredAsGoneAndAnUnknownOneAsNotKnownYet() {
        // Given
        states.add(end("dropped"));
        now = START.plus(Duration.ofHours(2));
        states.add(new Started("later", 1, now, "w", "cpu", Optional.of("demo"), Optional.of(true)));
        // Then
        assertThat(JobResource.unknown("dropped", states).getStatus()).isEqualTo(410);
        assertThat(JobResource.unknown("nobody", states).getStatus()).isEqualTo(503);
        assertThat(JobResource.unknown("nobody", states).getHeaderString("Retry-After"))
                .isEqualTo("5");
    }

    @Test
    void aRetentionOfNothingIsRefused() {
        assertThatThrownBy(() -> new Retention(0, Duration.ofHours(1))).hasMessageContaining("keep-ended 0");
        assertThatThrownBy(() -> new Retention(1, Duration.ZERO)).hasMessageContaining("keep-ended-for PT0S");
    }
}
