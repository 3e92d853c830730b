package io.lowpass.ingestion;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Completed;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Started;
import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.StepCounts;
import io.lowpass.contracts.TopicEnds;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.Video;
import io.lowpass.contracts.request.JobIds;
import io.lowpass.streaming.CancellationToken;
import io.lowpass.testing.SampleRequests;
import io.lowpass.testing.SampleRequests.ExpectedError;
import io.lowpass.testing.SampleRequests.SampleRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service over HTTP, with a real broker behind it. */
@QuarkusTest
@QuarkusTestResource(IngestionBroker.class)
class HttpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @TestHTTPResource("/jobs")
    URI jobs;

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @Inject
    ShareGroupLag lag;

    private Wire wire;

    @BeforeEach
    void connect() {
        wire = new Wire(bootstrapServers);
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    private static String submit(String prompt) {
        return accepted("{\"prompt\": \"" + prompt + "\", \"steps\": 2}");
    }

    /** Sends a request and waits until its job is known: the answer comes before, if that takes more than seconds. */
    private static String accepted(String body) {
        String jobId = given().body(body)
                .post("/jobs")
                .then()
                .statusCode(202)
                .extract()
                .path("jobId");
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get("/jobs/" + jobId).then().statusCode(200));
        return jobId;
    }

    private static Progress step(String jobId, int step) {
        return new Progress(jobId, 1, Instant.now(), Stage.DENOISE, step, 2, step / 2.0, 10, 10, Optional.empty());
    }

    private static Completed completed(String jobId) {
        return new Completed(
                jobId,
                1,
                Instant.now(),
                new Video(
                        "videos",
                        "k.mp4",
                        "s3://videos/k.mp4",
                        "video/mp4",
                        9,
                        "0".repeat(64),
                        128,
                        128,
                        17,
                        8,
                        Optional.empty()),
                Map.of("total", 1000L),
                new StepCounts(2, 2, 0, 0),
                7);
    }

    private void finish(String jobId) {
        wire.send(new Started(jobId, 1, Instant.now(), "w", "cpu", Optional.of("demo"), Optional.of(true)));
        wire.send(step(jobId, 1));
        wire.send(step(jobId, 2));
        wire.send(completed(jobId));
    }

    private static void awaitState(String jobId, String state) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        given().get("/jobs/" + jobId).then().statusCode(200).body("state", equalTo(state)));
    }

    @Test
    void aJobIsSubmittedAndAskedFor() {
        // When
        String jobId = submit("a red ball");

        // Then
        given().get("/jobs/" + jobId)
                .then()
                .statusCode(200)
                .body("state", equalTo("queued"))
                .body("job.prompt", equalTo("a red ball"));
        given().get("/jobs?limit=500").then().statusCode(200).body("jobs.jobId", hasItem(jobId));
        wire.expect(jobId, Job.class);
    }

    @Test
    void everyBadRequestIsAnsweredWithAllItsErrors() {
        for (SampleRequest request : SampleRequests.bad()) {
            if (request.key().isEmpty()) {
                // When
                Response answer = given().contentType("application/json")
                        .body(request.body())
                        .post("/jobs");

                // Then
                assertThat(answer.statusCode()).as(request.name()).isEqualTo(400);
                List<Map<String, String>> errors = answer.jsonPath().getList("errors");
                assertThat(errors)
                        .as(request.name())
                        .extracting(error -> new ExpectedError(error.get("code"), error.get("field")))
                        .containsExactlyInAnyOrderElementsOf(request.errors());
            }
        }
    }

    @Test
    void aRepeatedRequestIsAnsweredWithTheSameJobAndAnotherOneWithAConflict() {
        // Given
        String body = "{\"prompt\": \"a\", \"idempotencyKey\": \"http-once\"}";
        String jobId = accepted(body);

        // Then
        given().body(body).post("/jobs").then().statusCode(202).body("jobId", equalTo(jobId));
        given().body(body.replace("\"a\"", "\"b\""))
                .post("/jobs")
                .then()
                .statusCode(409)
                .body("errors[0].field", equalTo("idempotencyKey"));
    }

    @Test
    void aKeyThatAnotherJobHasIsAConflictUnlessItIsToBeOverwritten() {
        // Given
        String body = "{\"prompt\": \"a\", \"output\": {\"key\": \"http/same.mp4\"}}";
        accepted(body);

        // Then
        given().body(body)
                .post("/jobs")
                .then()
                .statusCode(409)
                .body("errors[0].field", equalTo("output.key"))
                .body("errors[0].value", equalTo("http/same.mp4"));
        accepted(body.replace("\"}}", "\", \"overwrite\": true}}"));
    }

    @Test
    void aRepetitionOfARejectedRequestIsToldWhyItWasRejected() {
        // Given
        String holder = accepted("{\"prompt\": \"a\", \"output\": {\"key\": \"http/taken.mp4\"}}");
        String body = "{\"prompt\": \"b\", \"idempotencyKey\": \"again\", \"output\": {\"key\": \"http/taken.mp4\"}}";
        wire.request(JobIds.of("again"), body.getBytes(StandardCharsets.UTF_8));
        awaitState(JobIds.of("again"), "rejected");

        // Then
        given().body(body).post("/jobs").then().statusCode(409).body("errors[0].field", equalTo("output.key"));

        // When: the key is free, and the name is not
        given().post("/jobs/" + holder + "/cancel").then().statusCode(202);
        awaitState(holder, "cancelled");

        // Then
        given().body(body)
                .post("/jobs")
                .then()
                .statusCode(409)
                .body("errors[0].field", equalTo("idempotencyKey"))
                .body("errors[0].allowed", containsString("a request with this name was rejected"));
    }

    @Test
    void theStateFollowsTheEvents() {
        // Given
        String jobId = submit("a ball that is followed");

        // When Then
        wire.send(step(jobId, 1));
        awaitState(jobId, "running");
        wire.send(completed(jobId));
        awaitState(jobId, "completed");
        given().get("/jobs/" + jobId)
                .then()
                .body("end.output.uri", equalTo("s3://videos/k.mp4"))
                .body("video", equalTo("https://media.example/videos/" + jobId));
    }

    @Test
    void theStreamTellsEverythingInOrderAndGoesOnFromWhereAClientLeft() throws Exception {
        // Given
        String jobId = submit("a ball that is watched");
        finish(jobId);
        awaitState(jobId, "completed");

        // When
        List<String> whole = stream(jobId, Optional.empty());

        // Then
        assertThat(values(whole, "event:"))
                .containsExactly(
                        "io.lowpass.job.accepted.v1",
                        "io.lowpass.job.started.v1",
                        "io.lowpass.job.progress.v1",
                        "io.lowpass.job.progress.v1",
                        "io.lowpass.job.completed.v1");

        // When
        List<String> ids = values(whole, "id:");
        List<String> rest = stream(jobId, Optional.of(ids.get(2)));

        // Then
        assertThat(values(rest, "event:")).containsExactly("io.lowpass.job.progress.v1", "io.lowpass.job.completed.v1");
        assertThat(values(rest, "data:").get(0)).contains("\"step\":2");
        // Then: a browser comes back until it is told that there is nothing more
        assertThat(statusOfStream(jobId, ids.get(4))).isEqualTo(204);
    }

    @Test
    void anIdThatTheTopicsDoNotKnowGivesTheWholeStory() throws Exception {
        // Given
        String jobId = submit("a ball that is watched from nowhere");
        finish(jobId);
        awaitState(jobId, "completed");
        List<String> whole = values(stream(jobId, Optional.empty()), "event:");
        String known = values(stream(jobId, Optional.empty()), "id:").get(1);

        for (String unknown : List.of(
                known.replaceAll("[0-9]+(?=-|$)", "99999999999"),
                known.replaceAll("(?<=[sp])[0-9]+", "77"),
                "5-7",
                "end",
                "\u00a7 nonsense",
                "s".repeat(5_000))) {
            // When Then
            assertThat(values(stream(jobId, Optional.of(unknown)), "event:"))
                    .as(unknown)
                    .hasSize(5)
                    .isEqualTo(whole);
        }
    }

    @Test
    void aStreamBeginsAtOnceAndNoProxyHoldsItBack() throws Exception {
        // Given
        String jobId = submit("a ball that is watched through a proxy");
        HttpRequest request = HttpRequest.newBuilder(URI.create(jobs + "/" + jobId + "/events"))
                .build();

        // When
        HttpResponse<Stream<String>> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            // Then
            assertThat(answer.headers().firstValue("X-Accel-Buffering")).contains("no");
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(lines.filter(line -> line.startsWith("event:")).findFirst())
                    .contains("event:io.lowpass.job.accepted.v1");
        }
    }

    @Test
    void oneClientCannotHoldAllStreams() throws Exception {
        // Given: a limit of 4 for each client, as the test's configuration has it
        String jobId = submit("a ball that many watch");
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(jobs + "/" + jobId + "/events"))
                .build();
        List<HttpResponse<Stream<String>>> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(client.send(request, BodyHandlers.ofLines()));
        }

        // When
        HttpResponse<String> refused = client.send(request, BodyHandlers.ofString());

        // Then
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("STREAMS.CLIENT_HAS_ENOUGH", "4 event streams");

        // When: they end
        finish(jobId);
        open.forEach(stream -> assertThat(stream.body().toList()).isNotEmpty());

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(statusOfStream(jobId, "none")).isEqualTo(200));
    }

    private int statusOfStream(String jobId, String lastEventId) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(jobs + "/" + jobId + "/events"))
                .header("Last-Event-ID", lastEventId)
                .timeout(PATIENCE)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aStreamThatIsOpenTellsWhatHappensUntilTheEnd() throws Exception {
        // Given
        String jobId = submit("a ball that is watched live");
        HttpRequest request = HttpRequest.newBuilder(URI.create(jobs + "/" + jobId + "/events"))
                .build();
        var answer = HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofLines());

        // When
        finish(jobId);

        // Then
        assertThat(values(answer.get().body().toList(), "event:"))
                .hasSize(5)
                .last()
                .isEqualTo("io.lowpass.job.completed.v1");
    }

    private List<String> stream(String jobId, Optional<String> lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(jobs + "/" + jobId + "/events"))
                .timeout(PATIENCE);
        lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
        try (Stream<String> lines = HttpClient.newHttpClient()
                .send(request.build(), BodyHandlers.ofLines())
                .body()) {
            return lines.toList();
        }
    }

    private static List<String> values(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field))
                .map(line -> line.substring(field.length()).strip())
                .toList();
    }

    @Test
    void aJobIsCancelledUnlessItHasEnded() {
        // Given
        String jobId = submit("a ball that is stopped");

        // When
        given().post("/jobs/" + jobId + "/cancel?reason=enough").then().statusCode(202);

        // Then: no sampler is there, and the job is over all the same
        assertThat(wire.expect(jobId, CancelRequested.class).reason()).isEqualTo("enough");
        assertThat(wire.expect(jobId, Cancelled.class))
                .extracting(Cancelled::attempt, Cancelled::atStep, Cancelled::reason)
                .containsExactly(0, 0, "enough");
        awaitState(jobId, "cancelled");
        given().post("/jobs/" + jobId + "/cancel").then().statusCode(409).body("code", equalTo("ALREADY_CANCELLED"));
    }

    @Test
    void aJobThatRunsIsLeftToWhoRunsIt() {
        // Given
        String jobId = submit("a ball that is stopped on its way");
        wire.send(step(jobId, 1));
        awaitState(jobId, "running");

        // When: another one that waits is cancelled after it, and is over
        given().post("/jobs/" + jobId + "/cancel").then().statusCode(202);
        String waits = submit("a ball that waits for nothing");
        given().post("/jobs/" + waits + "/cancel").then().statusCode(202);
        awaitState(waits, "cancelled");

        // Then
        given().get("/jobs/" + jobId).then().body("state", equalTo("running"));

        // When: its worker fails, and the next attempt waits
        wire.send(new Failed(
                jobId, 1, Instant.now(), new Failure("WORKER.LOST", ErrorClass.RETRYABLE, "it went away"), true));

        // Then
        assertThat(wire.expect(jobId, Cancelled.class).atStep()).isEqualTo(1);
    }

    @Test
    void aJobThatItsWorkerHandedBackIsOverWithoutASampler() {
        // Given
        String jobId = submit("a ball that is handed back");
        wire.send(step(jobId, 1));
        awaitState(jobId, "running");

        // When
        wire.send(new JobRun(jobId, 1, Instant.now(), 1, 0, 1, JobRun.State.HANDED_BACK, "w"));
        given().post("/jobs/" + jobId + "/cancel?reason=enough").then().statusCode(202);

        // Then
        assertThat(wire.expect(jobId, Cancelled.class))
                .extracting(Cancelled::attempt, Cancelled::atStep, Cancelled::reason)
                .containsExactly(1, 1, "enough");
        awaitState(jobId, "cancelled");
    }

    @Test
    void aJobIsCancelledOverKafkaBeforeItIsKnown() {
        // When
        wire.send(new CancelRequested("cancelled-before-it-is-sent", Instant.now(), "never mind"));
        wire.request(
                "cancelled-before-it-is-sent",
                "{\"prompt\": \"a ball that nobody wants\"}".getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(wire.expect("cancelled-before-it-is-sent", Cancelled.class).reason())
                .isEqualTo("never mind");
    }

    @Test
    void whatIsTooLongForATopicIsRefused() {
        // Given
        String jobId = submit("a ball with a long story");

        // Then
        given().body("{\"prompt\": \"" + "a".repeat(3_000_000) + "\"}")
                .post("/jobs")
                .then()
                .statusCode(400)
                .body("errors[0].code", equalTo("REQUEST.TOO_LARGE"));
        given().post("/jobs/" + jobId + "/cancel?reason=" + "a".repeat(501))
                .then()
                .statusCode(400)
                .body("errors[0].code", equalTo("VALIDATION.TOO_LONG"))
                .body("errors[0].field", equalTo("reason"));
    }

    @Test
    void aJobThatNobodyKnowsIsNotFound() {
        given().get("/jobs/nobody").then().statusCode(404).body("code", equalTo("JOB.UNKNOWN"));
        given().post("/jobs/nobody/cancel").then().statusCode(404);
        given().get("/jobs/nobody/events").then().statusCode(404);
    }

    @Test
    void thePageIsThere() {
        given().get("/").then().statusCode(200).body(containsString("<title>Lowpass</title>"));
    }

    @Test
    void theSchemasAreThereForClientsAndForThePage() {
        given().get("/schemas/io.lowpass.job.requested.v1")
                .then()
                .statusCode(200)
                .body("properties.sigmas.type", equalTo("array"));
        given().get("/schemas/definitions").then().statusCode(200).body("'$defs'.cache.oneOf", not(empty()));
        given().get("/schemas/none").then().statusCode(404);
    }

    @Test
    void healthAndMetricsAreThere() {
        // Given
        submit("a ball that is counted");

        // Then
        given().get(management.resolve("/q/health/live")).then().statusCode(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> given().get(management.resolve("/q/health/ready"))
                        .then()
                        .statusCode(200));
        given().get("/q/health/live").then().statusCode(404);
        given().get(management.resolve("/q/metrics"))
                .then()
                .statusCode(200)
                .body(containsString("lowpass_ingestion_requests_total{outcome=\"accept\"}"))
                .body(containsString("lowpass_ingestion_jobs_open"))
                .body(containsString("lowpass_share_group_lag{"));
    }

    @Test
    void theLagCountsJobsThatWaitAndFallsToNothing() {
        // Given
        submit("a ball that waits");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(lag.value()).isPositive());

        // When
        try (KafkaShareConsumer<String, byte[]> sampler = sampler()) {
            sampler.subscribe(List.of(Topics.JOBS));

            // Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                sampler.poll(Duration.ofMillis(200));
                assertThat(lag.value()).isZero();
            });
        }
    }

    private KafkaShareConsumer<String, byte[]> sampler() {
        Map<String, Object> settings = new HashMap<>(KafkaSettings.consumer(bootstrapServers, Topics.SAMPLERS));
        settings.keySet()
                .removeAll(List.of(
                        "auto.offset.reset",
                        "enable.auto.commit",
                        "isolation.level",
                        "session.timeout.ms",
                        "heartbeat.interval.ms"));
        return new KafkaShareConsumer<>(settings);
    }

    @Test
    void theViewIsTheSameAfterARestart() throws Exception {
        // Given
        String jobId = submit("a ball that is remembered");
        finish(jobId);
        awaitState(jobId, "completed");
        JobViews restarted = new JobViews(new EndedJobs.Retention(1_000, Duration.ofDays(1)), Clock.systemUTC());
        CancellationToken stop = new CancellationToken();
        Thread thread = new Thread(() -> {
            try (var consumer = new KafkaConsumer<String, byte[]>(KafkaSettings.consumer(bootstrapServers));
                    TopicEnds ends = new TopicEnds(bootstrapServers)) {
                restarted.follow(consumer, ends, stop);
            }
        });

        // When
        thread.start();
        await().atMost(PATIENCE).until(restarted::isCaughtUp);
        stop.cancel();
        thread.join();

        // Then
        assertThat(restarted.find(jobId)).hasValueSatisfying(job -> {
            assertThat(job.state()).isEqualTo(JobView.State.COMPLETED);
            assertThat(job.progress().orElseThrow().step()).isEqualTo(2);
            assertThat(job.job().orElseThrow().prompt()).isEqualTo("a ball that is remembered");
        });
    }
}
