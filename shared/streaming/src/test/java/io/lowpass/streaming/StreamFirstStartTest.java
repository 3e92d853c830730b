package io.lowpass.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.ChunkKind;
import io.lowpass.contracts.TopicSetup;
import io.lowpass.contracts.Topics;
import io.lowpass.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services that start for the first time, all at once, on a broker that has no topics. */
class StreamFirstStartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STARTS = 10;

    @TempDir
    Path directory;

    @Test
    @Timeout(300)
    void servicesThatStartAtOnceOnAnEmptyBrokerAllComeToWork() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            for (int start = 0; start < STARTS; start++) {
                // Given
                assertThat(topics(admin)).as("topics before start %d", start).isEmpty();

                // When: encoder, storage and what a sampler begins with
                List<StreamService> services = Stream.of(
                                service(kafka, "encoder", Topics.LATENTS, ChunkKind.LATENTS),
                                service(kafka, "storage", Topics.MEDIA, ChunkKind.MEDIA))
                        .toList();
                CompletableFuture<Void> made =
                        CompletableFuture.runAsync(() -> TopicSetup.DEFAULT.apply(kafka.bootstrapServers()));
                try (JobStates states = new JobStates(kafka.bootstrapServers(), "sampler")) {
                    // Then
                    made.join();
                    states.catchUp();
                    assertThat(states.isCurrent()).isTrue();
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> services.stream()
                                    .allMatch(service -> service.isReady()
                                            && service.brokerProblem().isEmpty()));
                } finally {
                    services.forEach(StreamService::close);
                }
                admin.deleteTopics(topics(admin)).all().get();
                await().atMost(PATIENCE).until(() -> topics(admin).isEmpty());
            }
        }
    }

    private static Set<String> topics(Admin admin) throws Exception {
        return admin.listTopics().names().get();
    }

    private static StreamService service(EmbeddedKafka kafka, String name, String topic, ChunkKind kind) {
        StreamSettings settings = new StreamSettings(name, topic, kind, "lowpass-" + name, 1, 1, 1 << 20);
        return new StreamService(settings, kafka.bootstrapServers(), connections -> new RecordingStage());
    }
}
