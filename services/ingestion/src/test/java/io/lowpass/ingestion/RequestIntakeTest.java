package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.embedded.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intakes that are stopped, fenced and replaced while requests come in. */
class RequestIntakeTest {

    private static final int REQUESTS = 60;

    @TempDir
    Path directory;

    /** One process: a view and an intake, each on a thread of its own. */
    private static final class Process implements AutoCloseable {

        private final StopSign stop = new StopSign();
        private final Thread view;
        private final Thread intake;

        Process(String bootstrapServers, String instance) {
            JobStates states = new JobStates();
            RequestValidation validation =
                    new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.systemUTC(), new Random());
            RequestIntake requests =
                    new RequestIntake(new Admission(validation, states), states, new SimpleMeterRegistry());
            view = new Thread(() -> {
                try (var consumer = new KafkaConsumer<String, byte[]>(KafkaSettings.consumer(bootstrapServers))) {
                    states.follow(consumer, stop);
                }
            });
            intake = new Thread(() -> {
                try {
                    requests.run(bootstrapServers, instance, stop);
                } catch (InterruptedException | KafkaException e) {
                    // What a process that is fenced or killed sees; the others go on.
                    stop.raise();
                }
            });
            view.start();
            intake.start();
        }

        boolean isRunning() {
            return intake.isAlive();
        }

        @Override
        public void close() {
            stop.raise();
            try {
                view.join();
                intake.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void aFencedProcessLeavesNoRequestUndoneAndNoneDoneTwice() {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            TopicSetup.DEFAULT.apply(kafka.bootstrapServers());
            try (Wire wire = new Wire(kafka.bootstrapServers())) {
                Process first = new Process(kafka.bootstrapServers(), "one");
                for (int i = 0; i < REQUESTS; i++) {
                    wire.request("r" + i, "{\"prompt\": \"a\"}".getBytes(StandardCharsets.UTF_8));
                }
                wire.expect("r0", Job.class);

                // When
                try (Process second = new Process(kafka.bootstrapServers(), "one")) {
                    await().atMost(Duration.ofSeconds(60)).until(() -> count(wire, EventType.RESOLVED) >= REQUESTS);
                    wire.settle("r0", "settled");
                    assertThat(second.isRunning()).isTrue();

                    // Then
                    for (int i = 0; i < REQUESTS; i++) {
                        assertThat(wire.about("r" + i))
                                .extracting(Event::type)
                                .containsExactlyInAnyOrder(EventType.ACCEPTED, EventType.RESOLVED);
                    }
                }
                first.close();
            }
        }
    }

    private static long count(Wire wire, EventType type) {
        return wire.seen().stream()
                .filter(record -> record.topic().equals(type.topic()))
                .count();
    }
}
