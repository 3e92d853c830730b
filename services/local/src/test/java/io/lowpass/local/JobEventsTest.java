package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobEventsTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    private static Started started(String jobId, int attempt, Instant at) {
        return new Started(jobId, attempt, at, "w", "cpu", Optional.of("demo"), Optional.of(true));
    }

    private static Failed failed(String jobId, Instant at) {
        return new Failed(jobId, 1, at, new Failure("X", ErrorClass.RETRYABLE, "x"), true);
    }

    private static List<JobEvent> past(EmbeddedKafka kafka, String jobId) {
        try (JobEvents events = new JobEvents(kafka.bootstrapServers(), jobId, true)) {
            return events.past();
        }
    }

    @Test
    void anOvertakenAttemptTellsNothingMoreButTheEndOfTheJob() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            // Given: cancelled while they waited, just as a sampler began; and a failure that comes late
            TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
            try (EventPublisher publisher = EventPublisher.to(kafka.bootstrapServers())) {
                List.of(
                                started("queued", 1, AT),
                                new Cancelled("queued", 0, AT.plusMillis(1), 0, "r"),
                                failed("retrying", AT),
                                started("retrying", 2, AT.plusMillis(1)),
                                failed("retrying", AT.plusMillis(2)),
                                new Cancelled("retrying", 1, AT.plusMillis(3), 1, "r"))
                        .forEach(event -> publisher.send(event).join());
            }

            // Then
            assertThat(past(kafka, "queued")).hasExactlyElementsOfTypes(Started.class, Cancelled.class);
            assertThat(past(kafka, "retrying")).hasExactlyElementsOfTypes(Failed.class, Started.class, Cancelled.class);
        }
    }
}
