package io.lowpass.encoder;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Chunk;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.WorkerKind;
import io.lowpass.contracts.WorkerState;
import io.lowpass.testing.kafka.TopicRecords;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The service as it runs: configuration, health, metrics. */
@QuarkusTest
@QuarkusTestResource(EncoderBroker.class)
class EncoderServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void latentsFromTheTopicBecomeMedia() {
        // Given
        String kafka = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
        await().atMost(PATIENCE)
                .until(() -> given().get(management.resolve("/q/health/ready")).statusCode() == 200);
        given().get(management.resolve("/q/health/live")).then().statusCode(200);
        // When
        try (EventPublisher publisher = EventPublisher.to(kafka)) {
            LatentSource.chunks(LatentSource.job("served", "demo"), 1)
                    .forEach(chunk -> publisher.send(Topics.LATENTS, chunk).join());
        }
        // Then
        try (TopicRecords media = new TopicRecords(kafka, Topics.MEDIA);
                TopicRecords workers = new TopicRecords(kafka, Topics.WORKERS)) {
            await().atMost(PATIENCE)
                    .until(() -> media.chunks("served").stream().anyMatch(chunk -> chunk.index() == chunk.count() - 1));
            assertThat(media.chunks("served")).extracting(Chunk::index).containsExactly(0, 1, 2, 3, 4);
            assertThat(workers.records()).map(Events::read).last().isInstanceOfSatisfying(WorkerState.class, state -> {
                assertThat(state.kind()).contains(WorkerKind.ENCODER);
                assertThat(state.models())
                        .containsExactly(new WorkerState.Model("demo", true, false, Optional.empty()));
            });
        }
        assertThat(given().get(management.resolve("/q/metrics")).asString())
                .contains("lowpass_encoder_frames_total 9.0")
                .contains("lowpass_encoder_stage_duration_seconds_count{stage=\"decode\"} 3");
    }
}
