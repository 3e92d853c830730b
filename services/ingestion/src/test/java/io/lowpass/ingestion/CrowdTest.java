package io.lowpass.ingestion;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that begin to send requests and do not go on. */
@QuarkusTest
@QuarkusTestResource(IngestionBroker.class)
class CrowdTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int HALF_SENT = 240;

    @TestHTTPResource("/jobs")
    URI jobs;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void disconnect() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    private void sendHalf(String body) throws IOException {
        Socket client = new Socket(jobs.getHost(), jobs.getPort());
        clients.add(client);
        String half =
                "POST /jobs HTTP/1.1\r\nHost: " + jobs.getAuthority() + "\r\nContent-Type: application/json\r\n" + body;
        client.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @Timeout(120)
    void halfSentRequestsKeepNobodyElseFromAnAnswerAndAreLetGo() throws Exception {
        // Given
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        given().get(management.resolve("/q/health")).then().statusCode(200));
        for (int i = 0; i < HALF_SENT / 2; i++) {
            sendHalf("Content-Length: 1000\r\n\r\n{\"prompt\": ");
            sendHalf("Transfer-Encoding: chunked\r\n\r\n5\r\n{\"pro");
        }

        // When Then
        String jobId = given().body("{\"prompt\": \"a ball in a crowd\"}")
                .post("/jobs")
                .then()
                .statusCode(202)
                .extract()
                .path("jobId");
        given().get("/jobs/" + jobId).then().statusCode(200).body("state", equalTo("queued"));
        given().get(management.resolve("/q/health")).then().statusCode(200);

        // Then: each is told, and its connection closed
        for (Socket client : clients) {
            client.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408 ");
        }
    }
}
