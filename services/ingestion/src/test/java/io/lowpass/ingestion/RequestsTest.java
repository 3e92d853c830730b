package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Accepted;
import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.JobRequested;
import io.lowpass.contracts.Topics;
import io.lowpass.contracts.request.JobIds;
import io.lowpass.testing.SampleRequests;
import io.lowpass.testing.SampleRequests.ExpectedError;
import io.lowpass.testing.SampleRequests.SampleRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests by Kafka, through the real service and a real broker. */
@QuarkusTest
@QuarkusTestResource(IngestionBroker.class)
class RequestsTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private Wire wire;

    @BeforeEach
    void connect() {
        wire = new Wire(bootstrapServers);
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    private void request(String key, String body) {
        wire.request(key, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRequestBecomesAJobAndItsAcceptanceShowsIt() {
        // When
        request("ball", "{\"prompt\": \"a red ball\", \"steps\": 3}");

        // Then
        Job job = wire.expect("ball", Job.class);
        assertThat(job.steps()).isEqualTo(3);
        assertThat(wire.expect("ball", Accepted.class).job()).isEqualTo(job);
    }

    @Test
    void aRequestMayBeACloudEvent() {
        // When
        wire.send(new JobRequested("cloud", Instant.now(), Map.of("prompt", "a red ball", "seed", 7)));

        // Then
        assertThat(wire.expect("cloud", Job.class).seed()).isEqualTo(7);
    }

    @Test
    void aRequestWithoutKeyGetsANameOfItsOwn() {
        // When
        request(null, "{\"prompt\": \"nameless\", \"idempotencyKey\": \"nameless\"}");

        // Then
        assertThat(wire.expect(JobIds.of("nameless"), Job.class).prompt()).isEqualTo("nameless");
    }

    @Test
    void everyBadRequestIsRejectedWithAllItsErrorsAndTheServiceGoesOn() {
        // Given
        List<SampleRequest> bad = SampleRequests.bad();

        // When
        for (int i = 0; i < bad.size(); i++) {
            wire.request(bad.get(i).key().orElse("bad-" + i), bad.get(i).body());
        }

        // Then
        for (int i = 0; i < bad.size(); i++) {
            SampleRequest request = bad.get(i);
            Rejected rejected = wire.expect(request.key().orElse("bad-" + i), Rejected.class);
            assertThat(rejected.errors())
                    .as(request.name())
                    .extracting(error -> new ExpectedError(error.code(), error.field()))
                    .containsExactlyInAnyOrderElementsOf(request.errors());
        }
        request("after-bad", "{\"prompt\": \"a red ball\"}");
        wire.expect("after-bad", Job.class);
    }

    @Test
    void theSameRequestTwiceIsOneJob() {
        // When
        request("twice", "{\"prompt\": \"a red ball\", \"steps\": 3}");
        request("twice", "{\"steps\": 3, \"prompt\": \"a red ball\"}");
        wire.settle("twice", "twice-settled");

        // Then
        assertThat(wire.about("twice"))
                .extracting(Event::type)
                .containsExactlyInAnyOrder(EventType.ACCEPTED, EventType.RESOLVED);
    }

    @Test
    void aRequestForAKeyThatAnotherJobHasIsRejectedUnderItsOwnName() {
        // Given
        String body = "{\"prompt\": \"a red ball\", \"output\": {\"key\": \"kafka/same.mp4\"}}";
        request("owner", body);
        wire.expect("owner", Job.class);

        // When
        request("intruder", body);

        // Then
        assertThat(wire.expect("intruder", Rejected.class).errors())
                .singleElement()
                .satisfies(error -> assertThat(error.field()).isEqualTo("output.key"));
        assertThat(wire.about("intruder")).noneMatch(Accepted.class::isInstance);
    }

    @Test
    void theSameIdempotencyKeyUnderTwoNamesIsOneJob() {
        // Given
        String body = "{\"prompt\": \"a red ball\", \"idempotencyKey\": \"once\"}";
        request("first", body);
        wire.expect("first", Job.class);

        // When
        request("second", body);
        wire.settle("second", "second-settled");

        // Then
        assertThat(wire.about("second")).isEmpty();
    }

    @Test
    void anotherRequestUnderATakenNameIsPutAsideAndTheJobIsLeftAlone() {
        // Given
        request("taken", "{\"prompt\": \"a red ball\"}");
        wire.expect("taken", Job.class);

        // When
        request("taken", "{\"prompt\": \"a green ball\"}");

        // Then
        var letter = wire.expectDeadLetter("taken");
        assertThat(Events.header(letter, DeadLetters.CODE)).contains("VALIDATION.DUPLICATE");
        assertThat(Events.header(letter, DeadLetters.ERROR).orElse("")).contains("\"field\":\"jobId\"");
        assertThat(wire.about("taken")).hasSize(2);
    }

    @Test
    void aBadRequestUnderATakenNameDoesNotRejectTheJob() {
        // Given
        request("kept", "{\"prompt\": \"a red ball\"}");
        wire.expect("kept", Job.class);

        // When
        request("kept", "{\"prompt\": \"\"}");

        // Then
        assertThat(Events.header(wire.expectDeadLetter("kept"), DeadLetters.CODE))
                .contains("VALIDATION.BLANK");
        assertThat(wire.about("kept")).noneMatch(Rejected.class::isInstance);
    }

    @Test
    void anEventThatIsNoRequestIsPutAside() {
        // Given
        ProducerRecord<String, byte[]> cancel = Events.record(new CancelRequested("astray", Instant.now(), "r"));

        // When
        wire.send(new ProducerRecord<>(Topics.REQUESTS, null, cancel.key(), cancel.value(), cancel.headers()));

        // Then
        assertThat(Events.header(wire.expectDeadLetter("astray"), DeadLetters.CODE))
                .contains("REQUEST.OTHER_TYPE");
    }

    @Test
    void aRecordWithoutValueIsRejected() {
        // When
        wire.request("hollow", null);

        // Then
        assertThat(wire.expect("hollow", Rejected.class).errors())
                .singleElement()
                .satisfies(error -> assertThat(error.code()).isEqualTo("REQUEST.NOT_JSON"));
    }
}
