package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Job;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that start for the first time, at once, on a broker that has no topics. */
class FirstStartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STARTS = 10;

    private final IngestionSettings settings = new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(IngestionSettings.class)
            .build()
            .getConfigMapping(IngestionSettings.class);

    @TempDir
    Path directory;

    private record Process(Ingestion ingestion, JobViews states) {

        boolean isAtWork() {
            return ingestion.isAlive()
                    && states.isCaughtUp()
                    && ingestion.brokerProblem().isEmpty();
        }
    }

    private Process start(EmbeddedKafka kafka) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        JobViews states = new JobViews(settings);
        RequestValidation validation =
                new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.systemUTC(), new Random());
        Ingestion ingestion = new Ingestion(
                kafka.bootstrapServers(),
                states,
                List.of(
                        new RequestIntake(new Admission(validation, states), states, meters),
                        new ShareGroupLag(states, settings, meters),
                        new QueuedJobCancellation(states),
                        new ControlDeadLetters(meters)));
        ingestion.start(new StartupEvent(), meters);
        return new Process(ingestion, states);
    }

    @Test
    @Timeout(300)
    void processesThatStartAtOnceOnAnEmptyBrokerTakeRequests() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            for (int start = 0; start < STARTS; start++) {
                // Given
                assertThat(topics(admin)).as("topics before start %d", start).isEmpty();

                // When
                List<Process> processes = Stream.of(start(kafka), start(kafka)).toList();
                try {
                    // Then
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> processes.stream().allMatch(Process::isAtWork));
                    if (start == STARTS - 1) {
                        takesARequest(kafka);
                    }
                } finally {
                    for (Process process : processes) {
                        process.ingestion().stop(new ShutdownEvent());
                    }
                }
                admin.deleteTopics(topics(admin)).all().get();
                await().atMost(PATIENCE).until(() -> topics(admin).isEmpty());
            }
        }
    }

    private static void takesARequest(EmbeddedKafka kafka) {
        try (Wire wire = new Wire(kafka.bootstrapServers())) {
            wire.request("first", "{\"prompt\": \"a ball\"}".getBytes(StandardCharsets.UTF_8));
            wire.expect("first", Job.class);
        }
    }

    private static Set<String> topics(Admin admin) throws Exception {
        return admin.listTopics().names().get();
    }
}
