package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.testing.kafka.BrokerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerRestartTest {

    private static final Duration LONG = Duration.ofSeconds(120);
    private static final int WAITING = 3;
    private static final int STEPS = 30;

    @TempDir
    private Path directory;

    private final CountDownLatch goOn = new CountDownLatch(1);
    private BrokerProcess broker;
    private SamplerHarness place;

    @BeforeEach
    void startBroker() {
        broker = BrokerProcess.start(directory);
        place = new SamplerHarness(broker, Duration.ofSeconds(5));
    }

    @AfterEach
    void stopBroker() {
        place.close();
    }

    @Test
    void noJobIsLostWhenTheBrokerIsUpgraded() throws Exception {
        everyJobRunsAfter(BrokerProcess::stop);
    }

    @Test
    void noJobIsLostWhenTheBrokerCrashes() throws Exception {
        everyJobRunsAfter(BrokerProcess::kill);
    }

    @Test
    void whoeverTakesTheJobUpAfterACrashTheLostRunCostsNothing() throws Exception {
        // Given: of two workers one has a job
        place.worker(steps());
        place.worker(steps());
        place.send(SamplerHarness.job("either", STEPS));
        await().atMost(LONG).until(() -> place.events("either", Progress.class).size() > 5);
        // When
        broker.kill();
        broker.restart();
        goOn.countDown();
        // Then
        await().atMost(LONG).until(() -> place.latents("either").size() == 3);
        await().atMost(LONG).until(() -> place.lag() == 0);
        assertThat(place.events("either", Started.class))
                .extracting(Started::attempt)
                .containsOnly(1);
        assertThat(place.latents("either")).hasSize(3);
    }

    /** Steps that take a moment; one of them takes as long as the broker is away. */
    private SteppedGenerator steps() {
        return new SteppedGenerator((job, step) -> {
            Thread.sleep(50);
            if (step == STEPS / 2) {
                goOn.await();
            }
        });
    }

    private void everyJobRunsAfter(Consumer<BrokerProcess> end) throws Exception {
        // Given: one job runs, more wait
        place.worker(steps());
        place.send(SamplerHarness.job("held", STEPS));
        List<String> waiting =
                IntStream.range(0, WAITING).mapToObj(i -> "waiting-" + i).toList();
        waiting.forEach(id -> place.send(SamplerHarness.job(id, 3)));
        await().atMost(LONG).until(() -> place.events("held", Progress.class).size() > 5);
        // When
        end.accept(broker);
        broker.restart();
        goOn.countDown();
        // Then
        await().atMost(LONG)
                .until(() -> waiting.stream().allMatch(id -> place.latents(id).size() == 3));
        await().atMost(LONG).until(() -> place.latents("held").size() == 3);
        place.send(SamplerHarness.job("after", 3));
        await().atMost(LONG).until(() -> place.latents("after").size() == 3);
        await().atMost(LONG).until(() -> place.lag() == 0);
        assertThat(place.events("held", Failed.class)).isEmpty();
        assertThat(place.events("held", Started.class)).hasSize(1);
        assertThat(waiting)
                .allSatisfy(id -> assertThat(place.events(id, Started.class))
                        .extracting(Started::attempt)
                        .containsExactly(1));
    }
}
