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

class GroupMembershipTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    private static Path directory;

    private static SamplerHarness place;

    @BeforeAll
    static void startBroker() {
        place = new SamplerHarness(directory, Duration.ofSeconds(15));
    }

    @AfterAll
    static void stopBroker() {
        place.close();
    }

    @Test
    void aWorkerWhoseBrokerIsAwayIsNotSaidToBeGivenNoJobs() {
        // Given: nobody answers
        try (GroupMembership membership = new GroupMembership("alone", "localhost:1", SHORT.plusSeconds(1))) {
            // When
            membership.waits(true);

            // Then
            await().atMost(LONG).until(() -> membership.problem().isPresent());
            assertThat(membership.isStarved()).isFalse();
            assertThat(membership.problem())
                    .contains("the broker does not report the members of the group lowpass-samplers");
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
        try (GroupMembership stranger = new GroupMembership("nobody", place.bootstrap(), SHORT);
                GroupMembership own = new GroupMembership(place.lastWorker(), place.bootstrap(), SHORT)) {
            // Then: who is no member says so
            await().atMost(LONG)
                    .until(
                            () -> stranger.problem(),
                            Optional.of("it is not a member of the group lowpass-samplers")::equals);
            await().atMost(LONG).until(() -> own.problem().isEmpty());
            assertThat(worker.problem()).isEmpty();

            place.send(SamplerHarness.job("before", 1));
            await().atMost(LONG).until(() -> place.lag() == 0);

            // When: jobs wait, and the worker takes none
            place.send(SamplerHarness.job("taken", 1));
            place.send(SamplerHarness.job("left", 1));
            await().atMost(LONG)
                    .until(() -> !place.events("taken", Started.class).isEmpty());
            own.waits(true);

            // Then
            await().atMost(LONG).until(own::isStarved);
            assertThat(own.problem()).contains("jobs wait, but it receives none");
            assertThat(own.othersWait()).isTrue();
        } finally {
            goOn.countDown();
        }
    }
}
