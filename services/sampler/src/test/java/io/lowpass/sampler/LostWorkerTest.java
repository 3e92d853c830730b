package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.testing.kafka.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostWorkerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private SamplerHarness place;
    private Process process;

    @BeforeEach
    void startProcessWithJob() {
        place = new SamplerHarness(directory, Duration.ofSeconds(3));
        process = WorkerProcess.start(place.bootstrap());
        place.send(SamplerHarness.job("job", 400));
        await().atMost(LONG).until(() -> place.events("job", Progress.class).size() >= 3);
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
        place.close();
    }

    @Test
    void theJobOfAKilledProcessIsDoneByAnother() {
        // When
        process.destroyForcibly();
        place.worker(SteppedGenerator.ofMillis(1));
        await().atMost(LONG).until(() -> place.latents("job").size() == 3);

        // Then
        assertThat(place.events("job", Started.class))
                .extracting(Started::attempt)
                .containsExactly(1, 2);
        assertThat(place.latents("job")).extracting(Chunk::attempt).containsOnly(2);
    }

    @Test
    void aJobThatTakesItsWorkerWithItEachTimeIsPutAside() throws InterruptedException {
        // Given: three attempts are allowed
        for (int attempt = 1; attempt < 3; attempt++) {
            int next = attempt + 1;
            process.destroyForcibly().waitFor();
            process = WorkerProcess.start(place.bootstrap());
            await().atMost(LONG)
                    .until(() -> place.events("job", Progress.class).stream()
                            .anyMatch(progress -> progress.attempt() == next));
        }

        // When
        process.destroyForcibly().waitFor();
        place.worker(SteppedGenerator.ofMillis(1));
        await().atMost(LONG).until(() -> !place.events("job", Failed.class).isEmpty());

        // Then
        assertThat(place.events("job", Started.class))
                .extracting(Started::attempt)
                .containsExactly(1, 2, 3);
        assertThat(place.events("job", Failed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.error().code()).isEqualTo("WORKER.LOST"))
                .satisfies(failed -> assertThat(failed.willRetry()).isFalse());
        assertThat(place.deadLetters("job")).hasSize(1);
        assertThat(place.latents("job")).isEmpty();
    }

    @Test
    void aProcessThatHungSendsNothingWhenItWakesUp() throws IOException, InterruptedException {
        // Given
        JavaProcess.signal(process, "STOP");
        place.worker(SteppedGenerator.ofMillis(1));
        await().atMost(LONG).until(() -> place.latents("job").size() == 3);

        // When
        Instant awake = Instant.now();
        JavaProcess.signal(process, "CONT");
        Thread.sleep(Duration.ofSeconds(2).toMillis());

        // Then
        List<Progress> first = place.events("job", Progress.class).stream()
                .filter(progress -> progress.attempt() == 1 && progress.at().isAfter(awake))
                .toList();
        assertThat(first).hasSizeLessThanOrEqualTo(1);
        assertThat(place.latents("job")).extracting(Chunk::attempt).containsOnly(2);
    }
}
