package io.lowpass.ingestion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.DeadLetters;
import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.Sha256;
import io.lowpass.contracts.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that are not what their topic expects, through the real service and a real broker. */
@QuarkusTest
@QuarkusTestResource(IngestionBroker.class)
class OddRecordsTest {

    private static final String CANCEL = EventType.CANCEL_REQUESTED.text();

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Inject
    Ingestion ingestion;

    @Inject
    JobViews states;

    private Wire wire;

    @BeforeEach
    void connect() {
        wire = new Wire(bootstrapServers);
    }

    @AfterEach
    void disconnect() {
        wire.close();
    }

    private void send(String topic, @Nullable String key, @Nullable String value, String... headers) {
        byte[] bytes = value == null ? null : value.getBytes(UTF_8);
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, bytes);
        for (int i = 0; i < headers.length; i += 2) {
            String text = headers[i + 1];
            record.headers().add(headers[i], text == null ? null : text.getBytes(UTF_8));
        }
        wire.send(record);
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        return Events.header(letter, name).orElse("");
    }

    @Test
    void aRequestIsTakenWithANullTypeAndInStructuredMode() {
        // When
        send(Topics.REQUESTS, "null-type", "{\"prompt\":\"a\"}", Events.TYPE_HEADER, null);
        send(
                Topics.REQUESTS,
                "structured",
                """
                {"specversion":"1.0","id":"1","source":"/me","type":"%s","data":{"prompt":"a","seed":9}}""".formatted(EventType.REQUESTED),
                "content-type",
                "application/cloudevents+json; charset=utf-8");

        // Then
        wire.expect("null-type", Job.class);
        assertThat(wire.expect("structured", Job.class).seed()).isEqualTo(9);
    }

    @Test
    void whatIsNoEventIsRejectedWithTheReason() {
        // When
        send(Topics.REQUESTS, "batch", "[]", "content-type", "application/cloudevents-batch+json");
        send(Topics.REQUESTS, "no-event", "{\"prompt\":\"a\"}", "content-type", "application/cloudevents+json");

        // Then
        assertThat(wire.expect("batch", Rejected.class).errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo("REQUEST.NOT_AN_EVENT");
                    assertThat(error.value()).contains("batch");
                });
        assertThat(wire.expect("no-event", Rejected.class).errors())
                .singleElement()
                .satisfies(error -> assertThat(error.value()).contains("'specversion'"));
    }

    @Test
    void ofThousandsOfProblemsTheFirstAreToldAndTheOthersCounted() {
        // Given
        String fields = IntStream.range(0, 4000)
                .mapToObj(i -> "\"unknown" + i + "\":1")
                .collect(Collectors.joining(",", "{\"prompt\":\"a\",", "}"));

        // When
        send(Topics.REQUESTS, "many", fields);

        // Then
        Rejected rejected = wire.expect("many", Rejected.class);
        assertThat(rejected.errors()).hasSize(Rejected.MAX_ERRORS);
        assertThat(rejected.moreErrors()).hasValue(4000 - Rejected.MAX_ERRORS);
    }

    @Test
    void aLargeRecordBecomesADeadLetterThatSaysWhereItLies() {
        // Given
        String large = "{\"prompt\":\"" + "a".repeat(2_096_880) + "\"}";
        String larger = "{\"prompt\":\"" + "b".repeat(3_000_000) + "\"}";
        send(Topics.REQUESTS, "odd-taken", "{\"prompt\":\"a\"}");
        wire.expect("odd-taken", Job.class);

        // When: a large record of another type, and one under a name that is taken
        send(Topics.REQUESTS, "large", large, Events.TYPE_HEADER, CANCEL);
        send(Topics.REQUESTS, "odd-taken", larger);

        // Then
        ConsumerRecord<String, byte[]> letter = wire.expectDeadLetter("large");
        assertThat(letter.value()).hasSize(DeadLetters.MAX_VALUE);
        assertThat(header(letter, DeadLetters.ORIGIN)).startsWith(Topics.REQUESTS + "-");
        assertThat(header(letter, DeadLetters.VALUE_BYTES)).isEqualTo(Integer.toString(large.length()));
        assertThat(header(letter, DeadLetters.VALUE_SHA256)).isEqualTo(Sha256.hex(large.getBytes(UTF_8)));
        assertThat(header(letter, DeadLetters.CUT)).isEqualTo("value");
        assertThat(wire.expectDeadLetter("odd-taken").value()).hasSize(DeadLetters.MAX_VALUE);
        wire.settle("large", "after-large");
        wire.settle("odd-taken", "after-odd-taken");
    }

    @Test
    void whatNobodyCanReadOnControlBecomesOneDeadLetter() {
        // When
        send(Topics.CONTROL, "nobody", "{}", Events.TYPE_HEADER, null);
        send(Topics.CONTROL, "other-about", "{\"jobId\":\"x\"}", Events.TYPE_HEADER, CANCEL);
        send(Topics.CONTROL, "ended", "{}", Events.TYPE_HEADER, EventType.CANCELLED.text());
        send(Topics.CONTROL, "sound", null, Events.TYPE_HEADER, CANCEL);
        send(Topics.CONTROL, "last", "[]", Events.TYPE_HEADER, CANCEL);

        // Then
        for (String key : List.of("nobody", "other-about", "ended", "last")) {
            ConsumerRecord<String, byte[]> letter = wire.expectDeadLetter(key);
            assertThat(header(letter, DeadLetters.CODE)).isEqualTo("CONTROL.UNREADABLE");
            assertThat(header(letter, DeadLetters.ORIGIN)).startsWith(Topics.CONTROL);
        }
        assertThat(wire.seen())
                .filteredOn(record -> record.topic().equals(Topics.DEAD_LETTER))
                .extracting(ConsumerRecord::key)
                .doesNotContain("sound")
                .doesNotHaveDuplicates();
    }

    @Test
    void whatNobodyCanReadOnStateAndProgressIsCountedAndPassedOver() {
        // Given
        long before = states.unreadable();

        // When
        for (String value : Arrays.asList("null", "", null, "[]", "{\"jobId\":\"odd\"}")) {
            send(Topics.PROGRESS, "odd", value, Events.TYPE_HEADER, EventType.PROGRESS.text());
            send(Topics.STATE, "odd", value, Events.TYPE_HEADER, EventType.COMPLETED.text());
        }
        send(Topics.PROGRESS, null, null);

        // Then
        wire.settle("odd", "after-odd");
        states.upToDate().join();
        assertThat(states.unreadable() - before).isEqualTo(11);
        assertThat(states.find("odd")).isEmpty();
        assertThat(ingestion.isAlive()).isTrue();
    }

    @Test
    void aForeignTransactionThatStaysOpenOnProgressHoldsUpNoRequest() throws Exception {
        // Given
        Map<String, Object> config = new HashMap<>(io.lowpass.contracts.KafkaSettings.producer(bootstrapServers));
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "foreign");
        try (KafkaProducer<String, byte[]> foreign = new KafkaProducer<>(config)) {
            foreign.initTransactions();
            foreign.beginTransaction();
            for (var partition : foreign.partitionsFor(Topics.PROGRESS)) {
                foreign.send(new ProducerRecord<>(Topics.PROGRESS, partition.partition(), "k", new byte[0]))
                        .get();
            }
            // When
            Instant start = Instant.now();
            states.upToDate().get(8, java.util.concurrent.TimeUnit.SECONDS);

            // Then: before the transaction times out
            assertThat(Instant.now()).isBefore(start.plusSeconds(8));
            foreign.abortTransaction();
        }
    }
}
