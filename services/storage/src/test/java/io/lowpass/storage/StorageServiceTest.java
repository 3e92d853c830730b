package io.lowpass.storage;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** The service as it runs: configuration, health, metrics, HTTP. */
@QuarkusTest
@QuarkusTestResource(StorageStack.class)
class StorageServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TestHTTPResource(value = "/", management = true)
    URI management;

    /** 1,000 for what is said of it in the changelog. */
    private static final int READS = Integer.getInteger("lowpass.test.reads", 40);

    @Inject
    StorageService service;

    @TestHTTPResource
    URI root;

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
                .contains("lowpass_storage_bytes_total")
                .contains("lowpass_storage_jobs_total{outcome=\"completed\"}");
    }

    private static MediaSource store(String jobId, Output output) {
        return store(new MediaSource(MediaSource.job(jobId, output, Map.of()), 5, 1000));
    }

    private static MediaSource store(MediaSource video) {
        String jobId = video.job().jobId();
        int attempt = video.fragments() == 5 ? 1 : 2;
        try (EventPublisher publisher =
                EventPublisher.to(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class))) {
            video.chunks(attempt)
                    .forEach(chunk -> publisher.send(Topics.MEDIA, chunk).join());
        }
        await().atMost(PATIENCE).until(() -> given().head("/videos/" + jobId).statusCode() == 200);
        return video;
    }

    @Test
    void headTellsWhatGetTellsWithoutTheVideo() {
        // Given
        store("headed", new Output("videos", "clips/headed.mp4"));
        // When
        var get = given().get("/videos/headed");
        var head = given().header("Range", "bytes=1-2").head("/videos/headed");
        // Then
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.asByteArray()).isEmpty();
        for (String name :
                List.of("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges", "Cache-Control")) {
            assertThat(head.header(name)).as(name).isNotNull().isEqualTo(get.header(name));
        }
        assertThat(head.header("Content-Length")).isEqualTo("5000");
        assertThat(given().head("/videos/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void whatTheClientHasAlreadyIsNotSentAgain() {
        // Given
        store("conditional", new Output("videos", "clips/conditional.mp4"));
        var whole = given().get("/videos/conditional");
        String etag = whole.header("ETag");
        String date = whole.header("Last-Modified");
        // Then
        assertThat(status("If-None-Match", etag)).isEqualTo(304);
        assertThat(status("If-None-Match", "\"x\", W/" + etag)).isEqualTo(304);
        assertThat(status("If-None-Match", "*")).isEqualTo(304);
        assertThat(status("If-None-Match", "\"x\"")).isEqualTo(200);
        assertThat(status("If-Modified-Since", date)).isEqualTo(304);
        assertThat(status("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")).isEqualTo(200);
        assertThat(status("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT"))
                .isEqualTo(200);
        assertThat(status("If-Modified-Since", "Sun Nov  6 08:49:37 1994")).isEqualTo(200);
        assertThat(status("If-Modified-Since", "yesterday")).isEqualTo(200);
        assertThat(status("If-Match", etag)).isEqualTo(200);
        assertThat(status("If-Match", "W/" + etag)).isEqualTo(412);
        assertThat(status("If-Match", "\"x\"")).isEqualTo(412);
        assertThat(status("If-Unmodified-Since", date)).isEqualTo(200);
        assertThat(status("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"))
                .isEqualTo(412);
        var unchanged = given().header("If-None-Match", etag)
                .header("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")
                .get("/videos/conditional");
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.header("ETag")).isEqualTo(etag);
        assertThat(unchanged.header("Last-Modified")).isEqualTo(date);
        assertThat(unchanged.asByteArray()).isEmpty();
    }

    private static int status(String header, String value) {
        return given().header(header, value).get("/videos/conditional").statusCode();
    }

    @Test
    void aRangeIsOfTheVideoThatTheClientKnowsOrThereIsNone() {
        // Given
        MediaSource video = store("ranged", new Output("videos", "clips/ranged.mp4"));
        var whole = given().get("/videos/ranged");
        String etag = whole.header("ETag");
        // Then
        assertThat(ranged("bytes=0-0", etag).asByteArray()).isEqualTo(Arrays.copyOf(video.file(1), 1));
        assertThat(ranged("bytes=-10", whole.header("Last-Modified")).header("Content-Range"))
                .isEqualTo("bytes 4990-4999/5000");
        for (String other : List.of("\"x\"", "W/" + etag, "Sun, 06 Nov 1994 08:49:37 GMT", "nonsense")) {
            var answer = ranged("bytes=0-0", other);
            assertThat(answer.statusCode()).as(other).isEqualTo(200);
            assertThat(answer.header("Content-Range")).isNull();
            assertThat(answer.asByteArray()).hasSize(5000);
        }
        assertThat(given().header("Range", "bytes=0-0,2-3")
                        .get("/videos/ranged")
                        .statusCode())
                .isEqualTo(200);
        var beyond = given().header("Range", "bytes=5000-").get("/videos/ranged");
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */5000");
    }

    private static io.restassured.response.Response ranged(String range, String ifRange) {
        return given().header("Range", range).header("If-Range", ifRange).get("/videos/ranged");
    }

    @Test
    void aVideoThatAnotherJobOverwroteIsGoneAndNeverMixed() {
        // Given
        Output output = new Output("videos", "clips/overwritten.mp4", Optional.of(true));
        store("overwritten", output);
        String etag = given().head("/videos/overwritten").header("ETag");
        // When
        MediaSource second = store(new MediaSource(MediaSource.job("overwriting", output, Map.of()), 6, 1000));
        // Then
        assertThat(given().get("/videos/overwriting").asByteArray()).isEqualTo(second.file(2));
        given().get("/videos/overwritten").then().statusCode(410).body("code", equalTo("VIDEO.GONE"));
        given().head("/videos/overwritten").then().statusCode(410);
        given().header("Range", "bytes=10-20").get("/videos/overwritten").then().statusCode(410);
        given().header("Range", "bytes=9999-").get("/videos/overwritten").then().statusCode(410);
        given().header("If-None-Match", etag).get("/videos/overwritten").then().statusCode(410);
    }

    @Test
    void noConnectionToTheStoreIsKeptHoweverTheVideoIsAskedFor() throws IOException {
        // Given: more than the buffers of a socket hold
        MediaSource video = store(new MediaSource(
                MediaSource.job("read-often", new Output("videos", "clips/read-often.mp4"), Map.of()), 5, 1 << 20));
        String etag = given().head("/videos/read-often").header("ETag");
        // When
        for (int i = 0; i < READS; i++) {
            given().head("/videos/read-often").then().statusCode(200);
            given().header("If-None-Match", etag)
                    .get("/videos/read-often")
                    .then()
                    .statusCode(304);
            given().header("Range", "bytes=0-9")
                    .get("/videos/read-often")
                    .then()
                    .statusCode(206);
            given().header("Range", "bytes=9999999-")
                    .get("/videos/read-often")
                    .then()
                    .statusCode(416);
            goAway("GET");
            goAway("HEAD");
        }
        assertThat(given().get("/videos/read-often").asByteArray()).hasSize(video.file(1).length);
        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(service.store().busyConnections()).isZero());
    }

    /** Asks for the video and leaves before it was read. */
    private void goAway(String method) throws IOException {
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            String request = method + " /videos/read-often HTTP/1.1\r\nHost: " + root.getHost() + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            // The rest is refused, as when a player is closed.
            socket.setSoLinger(true, 0);
        }
    }
}
