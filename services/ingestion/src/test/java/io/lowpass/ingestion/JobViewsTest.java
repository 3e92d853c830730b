package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.Video;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.ingestion.Admission.Decision;
import io.lowpass.ingestion.EndedJobs.Retention;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the view keeps, and what it says of what it does not keep. */
class JobViewsTest {

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

    private final JobViews states = new JobViews(THREE_FOR_AN_HOUR, clock);

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

    private static String to(String key) {
        return "{\"prompt\": \"a ball\", \"output\": {\"key\": \"" + key + "\"}}";
    }

    private static String over(String key) {
        return "{\"prompt\": \"a ball\", \"output\": {\"key\": \"" + key + "\", \"overwrite\": true}}";
    }

    private static Completed completed(String jobId, String key, Instant at) {
        Video video = new Video(
                "videos", key, "s3://videos/" + key, "video/mp4", 9, "0".repeat(64), 128, 128, 17, 8, Optional.empty());
        return new Completed(jobId, 1, at, video, Map.of(), new StepCounts(2, 2, 0, 0), 7);
    }

    @Test
    void aKeyBelongsToTheJobThatClaimsItFirst() {
        // Given
        request("first", to("clips/a.mp4"));
        // When
        Decision second = request("second", to("clips/a.mp4"));
        // Then
        assertThat(second).isInstanceOfSatisfying(Decision.Reject.class, reject -> {
            assertThat(reject.jobId()).isEqualTo("second");
            assertThat(reject.isConflict()).isTrue();
            assertThat(reject.errors()).singleElement().satisfies(error -> {
                assertThat(error.code()).isEqualTo("VALIDATION.DUPLICATE");
                assertThat(error.field()).isEqualTo("output.key");
                assertThat(error.value()).isEqualTo("clips/a.mp4");
                assertThat(error.allowed()).startsWith("a key that no other video uses; job first uses this one");
            });
        });
        assertThat(request("second", to("clips/a.mp4"))).isInstanceOf(Decision.Repeat.class);
        assertThat(request("third", over("clips/a.mp4"))).isInstanceOf(Decision.Accept.class);
        assertThat(request("fourth", to("clips/b.mp4"))).isInstanceOf(Decision.Accept.class);
        assertThat(request("first", to("clips/a.mp4"))).isInstanceOf(Decision.Repeat.class);
    }

    @Test
    void aRejectedRequestThatCouldBeTakenByNowNeedsAnotherName() {
        // Given
        request("first", to("clips/a.mp4"));
        request("second", to("clips/a.mp4"));
        // When Then
        assertThat(request("second", to("clips/a.mp4")))
                .isInstanceOfSatisfying(
                        Decision.Repeat.class,
                        repeat -> assertThat(repeat.refusal())
                                .hasValueSatisfying(refusal ->
                                        assertThat(refusal.isConflict()).isTrue()));
        // When Then
        states.add(end("first"));
        assertThat(request("second", to("clips/a.mp4")))
                .isInstanceOfSatisfying(
                        Decision.Clash.class,
                        clash -> assertThat(clash.errors()).singleElement().satisfies(error -> {
                            assertThat(error.field()).isEqualTo("jobId");
                            assertThat(error.value()).isEqualTo("second");
                            assertThat(error.allowed()).contains("a request with this name was rejected");
                        }));
        assertThat(request("third", to("clips/a.mp4"))).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void aJobThatFailsOrIsCancelledFreesItsKeyAndOneThatIsCompletedDoesNot() {
        // Given
        request("stopped", to("stopped.mp4"));
        request("made", to("made.mp4"));
        request("overwriting", over("made.mp4"));
        // When
        states.add(end("stopped"));
        states.add(completed("made", "made.mp4", now));
        states.add(end("overwriting"));
        // Then
        assertThat(request("again", to("stopped.mp4"))).isInstanceOf(Decision.Accept.class);
        assertThat(request("late", to("made.mp4"))).isInstanceOf(Decision.Reject.class);
    }

    @Test
    void aKeyIsNoFolderOfAnotherAndLiesBeneathNone() {
        // Given
        request("file", to("clips"));
        request("deep", to("a/b/c.mp4"));
        // Then
        assertThat(request("beneath", to("clips/x.mp4"))).isInstanceOf(Decision.Reject.class);
        assertThat(request("beneath-2", over("clips/y/z.mp4"))).isInstanceOf(Decision.Reject.class);
        assertThat(request("folder", to("a/b"))).isInstanceOf(Decision.Reject.class);
        assertThat(request("folder-2", over("a"))).isInstanceOf(Decision.Reject.class);
        assertThat(request("beside", to("a/b/d.mp4"))).isInstanceOf(Decision.Accept.class);
        assertThat(request("similar", to("clips.mp4"))).isInstanceOf(Decision.Accept.class);
        // When
        states.add(end("deep"));
        states.add(end("beside"));
        // Then
        assertThat(request("free", to("a/b"))).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void theKeyOfAJobThatIsNotToldOfAnyMoreStaysTaken() {
        // Given: all but the end of a job was compacted away
        states.add(completed("long-ago", "old/a.mp4", now));
        assertThat(request("early", to("old/a.mp4"))).isInstanceOf(Decision.Reject.class);
        // When
        now = START.plus(Duration.ofHours(2));
        states.add(end("any"));
        // Then
        assertThat(states.isGone("long-ago")).isTrue();
        assertThat(request("late", to("old/a.mp4")))
                .isInstanceOfSatisfying(
                        Decision.Reject.class,
                        reject -> assertThat(reject.errors().get(0).allowed()).contains("a job that ended long ago"));
        assertThat(request("late-folder", to("old"))).isInstanceOf(Decision.Reject.class);
        assertThat(request("late-beneath", to("old/a.mp4/b"))).isInstanceOf(Decision.Reject.class);
        assertThat(request("late-over", over("old/a.mp4"))).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void aJobSaysWhatItWaitsForWhileItDoes() {
        // Given
        request("waits", to("waits.mp4"));
        // When
        states.add(new Waiting("waits", 1, now, Stage.UPLOAD, "STORE.ACCESSDENIED", "the store answers 403", false));
        // Then
        assertThat(states.find("waits").orElseThrow().waiting())
                .hasValueSatisfying(wait -> assertThat(wait.code()).isEqualTo("STORE.ACCESSDENIED"));
        // When
        states.add(new Waiting("waits", 1, now, Stage.UPLOAD, "STORE.ACCESSDENIED", "the store answers 403", true));
        // Then
        assertThat(states.find("waits").orElseThrow().waiting()).isEmpty();
        // When: it ends while it waits
        states.add(new Waiting("waits", 1, now, Stage.UPLOAD, "STORE.ACCESSDENIED", "the store answers 403", false));
        states.add(end("waits"));
        // Then
        assertThat(states.find("waits").orElseThrow().waiting()).isEmpty();
    }
}
