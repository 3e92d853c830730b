package io.lowpass.storage;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The service as it runs: configuration, health, metrics, HTTP. */
@QuarkusTest
@QuarkusTestResource(LocalStack.class)
class StorageServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Test
    void aVideoFromTheTopicIsServedOverHttpWithRanges() {
        // Given
        await().atMost(PATIENCE)
                .until(() -> given().get(management.resolve("/q/health/ready")).statusCode() == 200);
        given().get(management.resolve("/q/health/live")).then().statusCode(200);
        MediaSource video = MediaSource.of("served", 5, 1000);
        given().get("/videos/served").then().statusCode(404);
        // When
        try (EventPublisher publisher =
                EventPublisher.to(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class))) {
            video.chunks(1).forEach(chunk -> publisher.send(Topics.MEDIA, chunk).join());
        }
        await().atMost(PATIENCE).until(() -> given().get("/videos/served").statusCode() == 200);
        // Then
        var whole = given().get("/videos/served");
        assertThat(whole.asByteArray()).isEqualTo(video.file(1));
        assertThat(whole.contentType()).isEqualTo("video/mp4");
        assertThat(whole.header("Accept-Ranges")).isEqualTo("bytes");
        var part = given().header("Range", "bytes=1500-1509").get("/videos/served");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.header("Content-Range")).isEqualTo("bytes 1500-1509/5000");
        assertThat(part.asByteArray()).isEqualTo(Arrays.copyOfRange(video.file(1), 1500, 1510));
        given().header("Range", "bytes=5000-").get("/videos/served").then().statusCode(416);
        assertThat(given().get(management.resolve("/q/metrics")).asString())
                .contains("lowpass_storage_bytes_total 5000.0")
                .contains("lowpass_storage_jobs_total{outcome=\"completed\"} 1.0");
    }
}
