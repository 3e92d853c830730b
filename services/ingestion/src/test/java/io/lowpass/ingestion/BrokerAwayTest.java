package io.lowpass.ingestion;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.lowpass.contracts.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The broker goes away and comes back while the service runs. */
@QuarkusTest
@QuarkusTestResource(IngestionBroker.class)
class BrokerAwayTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    Consumer<Boolean> broker;

    @Test
    @Timeout(240)
    void requestsAreAnsweredWhileTheBrokerIsAwayAndTakenWhenItIsBack() {
        // Given
        String before = accepted("before");

        // When
        broker.accept(false);
        try {
            Response away = post("while-away");

            // Then
            away.then()
                    .statusCode(503)
                    .header("Retry-After", equalTo("5"))
                    .body("code", equalTo("BROKER.AWAY"))
                    .body("message", containsString("did not acknowledge job"));
            given().post("/jobs/" + before + "/cancel").then().statusCode(503).body("code", equalTo("BROKER.AWAY"));
            given().get("/jobs/" + before).then().statusCode(200);
            given().get(management.resolve("/q/health/live")).then().statusCode(200);
        } finally {
            broker.accept(true);
        }

        // Then: the same request is taken, and what was known is
        String after = await().atMost(LONG)
                .until(() -> post("while-away"), answer -> answer.statusCode() == 202)
                .path("jobId");
        await().atMost(LONG)
                .untilAsserted(() -> given().get("/jobs/" + after)
                        .then()
                        .statusCode(200)
                        .body("state", equalTo("queued"))
                        .body("job.prompt", equalTo("while-away")));
        given().get("/jobs/" + before).then().statusCode(200);
        assertThat(accepted("after")).isNotEqualTo(after);
    }

    @Test
    @Timeout(120)
    void aBrokerThatRefusesTheTimeOfRecordsIsToldAsAWrongClock() throws Exception {
        // Given: a broker to which every record is too old, as those of a clock that is wrong are
        accepted("in-time");
        limitAgeOfRequests(AlterConfigOp.OpType.SET);
        try {
            // When Then
            await().atMost(LONG)
                    .untilAsserted(() -> post("out-of-time")
                            .then()
                            .statusCode(503)
                            .header("Retry-After", equalTo("5"))
                            .body("code", equalTo("CLOCK.WRONG"))
                            .body("message", containsString("the clock of this machine or of the broker is wrong")));
        } finally {
            limitAgeOfRequests(AlterConfigOp.OpType.DELETE);
        }
        await().atMost(LONG).until(() -> post("in-time-again").statusCode() == 202);
    }

    private void limitAgeOfRequests(AlterConfigOp.OpType change) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.REQUESTS),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("message.timestamp.before.max.ms", "0"), change))))
                    .all()
                    .get();
        }
    }

    private static String accepted(String name) {
        String jobId = post(name).then().statusCode(202).extract().path("jobId");
        await().atMost(LONG)
                .untilAsserted(() -> given().get("/jobs/" + jobId).then().statusCode(200));
        return jobId;
    }

    private static Response post(String name) {
        return given().body("{\"prompt\": \"" + name + "\", \"idempotencyKey\": \"" + name + "\"}")
                .post("/jobs");
    }
}
