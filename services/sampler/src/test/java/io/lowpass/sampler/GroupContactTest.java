package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.JobEvent.Started;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupContactTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    private static Path directory;

    private static Workplace place;

    @BeforeAll
    static void startBroker() {
        place = new Workplace(directory, Duration.ofSeconds(15));
    }

    @AfterAll
    static void stopBroker() {
        place.close();
    }

    @Test
    void aWorkerWhoseBrokerIsAwayIsNotSaidToBeGivenNoJobs() {
        // Given: nobody answers
        try (GroupContact contact = new GroupContact("alone", "localhost:1", SHORT.plusSeconds(1))) {
            // When
            contact.waits(true);

            // Then
            await().atMost(LONG).until(() -> contact.problem().isPresent());
            assertThat(contact.isStarved()).isFalse();
            assertThat(contact.problem()).contains("the broker does not say who is in the group lowpass-samplers");
        }
    }

    @Test
    void aWorkerIsInContactWhileTheGroupCountsItAmongItsMembersAndGivesItJobs() throws Exception {
        // Given
        CountDownLatch goOn = new CountDownLatch(1);
        SamplerWorker worker = place.worker(new SteppedGenerator((job, step) -> {
            if (job.jobId().equals("taken")) {
                goOn.await();
            }
        }));
        try (GroupContact stranger = new GroupContact("nobody", place.bootstrap(), SHORT);
                GroupContact own = new GroupContact(place.lastWorker(), place.bootstrap(), SHORT)) {
            // Then: who is no member says so
            await().atMost(LONG)
                    .until(
                            () -> stranger.problem(),
                            Optional.of("the group lowpass-samplers does not count it among its members")::equals);
            await().atMost(LONG).until(() -> own.problem().isEmpty());
            assertThat(worker.problem()).isEmpty();

            place.send(Workplace.job("before", 1));
            await().atMost(LONG).until(() -> place.lag() == 0);

            // When: jobs wait, and the worker takes none
            place.send(Workplace.job("taken", 1));
            place.send(Workplace.job("left", 1));
            await().atMost(LONG)
                    .until(() -> !place.events("taken", Started.class).isEmpty());
            own.waits(true);

            // Then
            await().atMost(LONG).until(own::isStarved);
            assertThat(own.problem()).contains("jobs wait, but it is given none");
            assertThat(own.othersWait()).isTrue();
        } finally {
            goOn.countDown();
        }
    }
}
