package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.CacheDecision;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private static final CacheDecision REUSED = new CacheDecision(
            "reuse", "lfd", OptionalDouble.of(0.01), OptionalDouble.of(0.0123), OptionalDouble.of(0.05), List.of());

    private static Progress progress(int step, double etaMs, Optional<CacheDecision> cache) {
        return new Progress("job", 1, Instant.EPOCH, Stage.DENOISE, step, 50, step / 50.0, 420, etaMs, cache);
    }

    @Test
    void aLiveLineHasBarStepTimeAndDecision() {
        assertThat(ProgressLine.live(progress(25, 65_000, Optional.of(REUSED)), 200))
                .isEqualTo("denoise [############............] 25/50 0.42 s ETA 1:05  reuse (lfd 0.0123 < 0.0500)");
    }

    @Test
    void aLiveLineIsNotLongerThanItsTerminal() {
        assertThat(ProgressLine.live(progress(25, 65_000, Optional.of(REUSED)), 30))
                .hasSize(30);
    }

    @Test
    void theLastStepHasNoTimeLeft() {
        assertThat(ProgressLine.plain(progress(50, 0, Optional.empty()))).isEqualTo("denoise 50/50 0.42 s");
    }

    @Test
    void hoursAreTold() {
        assertThat(ProgressLine.plain(progress(1, 3_725_000, Optional.empty()))).endsWith("ETA 1:02:05");
    }

    @Test
    void aComparisonThatDoesNotExplainTheDecisionIsLeftOut() {
        // Given
        CacheDecision warmUp = new CacheDecision(
                "compute", "warm-up", OptionalDouble.of(0), OptionalDouble.of(0), OptionalDouble.of(20), List.of());

        // Then
        assertThat(ProgressLine.plain(progress(2, 1000, Optional.of(warmUp)))).endsWith("compute (warm-up)");
        CacheDecision first = new CacheDecision(
                "compute", "warm-up", OptionalDouble.of(0), OptionalDouble.of(0), OptionalDouble.of(0), List.of());
        assertThat(ProgressLine.plain(progress(1, 1000, Optional.of(first)))).endsWith("compute (warm-up)");
    }

    @Test
    void skippedBlocksAreCounted() {
        // Given
        CacheDecision blocks = new CacheDecision(
                "compute",
                "warm-up",
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of(3, 4));

        // When
        String line = ProgressLine.plain(progress(2, 1000, Optional.of(blocks)));

        // Then
        assertThat(line).endsWith("compute (warm-up, 2 blocks skipped)");
    }
}
