package io.lowpass.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.JobEvent.CancelRequested;
import io.lowpass.contracts.Reading.Unreadable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordsTest {

    private static final String CANCEL = EventType.CANCEL_REQUESTED.text();
    private static final String STRUCTURED = "application/cloudevents+json";

    /** A record as a client might send it; a header without a value is null. */
    private static ConsumerRecord<String, byte[]> record(
            String topic, @Nullable String key, @Nullable String value, String... headers) {
        byte[] bytes = value == null ? null : value.getBytes(UTF_8);
        ProducerRecord<String, byte[]> sent = new ProducerRecord<>(topic, key, bytes);
        for (int i = 0; i < headers.length; i += 2) {
            String text = headers[i + 1];
            sent.headers().add(headers[i], text == null ? null : text.getBytes(UTF_8));
        }
        return Samples.received(sent);
    }

    private static ConsumerRecord<String, byte[]> event(EventType type, @Nullable String key, @Nullable String value) {
        return record(type.topic(), key, value, Events.TYPE_HEADER, type.text());
    }

    private static String reason(Reading<?> reading) {
        assertThat(reading).isInstanceOf(Unreadable.class);
        return ((Unreadable<?>) reading).reason();
    }

    static Stream<Arguments> unreadable() {
        String cancelled =
                "{\"jobId\":\"j\",\"attempt\":1,\"at\":\"2026-01-02T03:04:05Z\",\"atStep\":0,\"reason\":\"r\"}";
        String[][] values = {
            {null, "no value"},
            {"", "no JSON"},
            {"null", "it is null"},
            {"{}", "'attempt': Cannot map `null` into type `int`"},
            {"[]", "Cancelled"},
            {"5", "Cancelled"},
            {"{\"jobId\"", "Unexpected end"},
            {cancelled + "{}", "Trailing token"},
            {cancelled.replace("}", ",\"reason\":\"s\"}"), "Duplicate field 'reason'"},
            {cancelled.replace("\"r\"", "5"), "'reason'"},
            {cancelled.replace("\"r\"", "null"), "reason"},
            {cancelled.replace("\"atStep\":0", "\"atStep\":\"0\""), "'atStep'"},
            {cancelled.replace("\"atStep\":0", "\"atStep\":0.5"), "'atStep'"},
            {cancelled.replace("\"atStep\":0", "\"atStep\":99999999999"), "'atStep'"},
            {cancelled.replace("\"atStep\":0", "\"atStep\":" + "9".repeat(5000)), "400"},
            {cancelled.replace("2026-01", "2026-77"), "'at'"},
            {cancelled.replace("2026-01-02T03:04:05Z", "+1000000000-12-31T23:59:59Z"), "1970 to 9999"},
            {cancelled.replace("\"2026-01-02T03:04:05Z\"", "1e300"), "'at'"},
            {cancelled.replace("\"r\"", "\"\\ud800\""), "surrogate"},
            {cancelled.replace("\"jobId\":\"j\"", "\"jobId\":\"other\""), "about 'other', but its key is 'j'"},
            {cancelled.replace("{", "{\"newer\":1e999,"), "too large"},
            {cancelled.replace("{", "{\"newer\":" + "[".repeat(100) + "]".repeat(100) + ","), "depth"},
            {"\ufeff" + cancelled, "Unexpected character"},
        };
        List<Arguments> cases = new ArrayList<>();
        for (String[] value : values) {
            cases.add(Arguments.of(event(EventType.CANCELLED, "j", value[0]), value[1]));
        }
        cases.add(Arguments.of(event(EventType.CANCELLED, null, cancelled), "no key"));
        cases.add(Arguments.of(event(EventType.CANCELLED, "", cancelled), "no key"));
        cases.add(Arguments.of(record(Topics.STATE, "j", cancelled), "type ''"));
        cases.add(Arguments.of(record(Topics.STATE, "j", cancelled, Events.TYPE_HEADER, null), "type ''"));
        cases.add(Arguments.of(record(Topics.STATE, "j", cancelled, Events.TYPE_HEADER, ""), "type ''"));
        cases.add(Arguments.of(record(Topics.STATE, "j", cancelled, Events.TYPE_HEADER, "x"), "type 'x'"));
        cases.add(Arguments.of(
                record(Topics.CONTROL, "j", cancelled, Events.TYPE_HEADER, EventType.CANCELLED.text()),
                "belongs on " + Topics.STATE));
        cases.add(Arguments.of(
                record(Topics.STATE, "j", "[]", "content-type", "application/cloudevents-batch+json"), "batch"));
        cases.add(Arguments.of(record(Topics.STATE, "j", "x", "content-type", "application/cloudevents+avro"), "only"));
        cases.add(Arguments.of(record(Topics.STATE, "j", null, "content-type", STRUCTURED), "no value"));
        cases.add(Arguments.of(record(Topics.STATE, "j", "[]", "content-type", STRUCTURED), "no JSON object"));
        cases.add(Arguments.of(record(Topics.STATE, "j", "{}", "content-type", STRUCTURED), "'specversion'"));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void whatIsNoEventIsUnreadableForAReasonInWords(ConsumerRecord<String, byte[]> record, String reason) {
        // When
        Reading<Event> reading = Records.event(record);

        // Then
        assertThat(reason(reading)).contains(reason).hasSizeLessThan(500);
        assertThat(reading.found()).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8AreUnreadable() {
        // Given
        ProducerRecord<String, byte[]> sent = new ProducerRecord<>(Topics.STATE, "j", new byte[] {'{', (byte) 0xff});
        sent.headers().add(Events.TYPE_HEADER, EventType.CANCELLED.text().getBytes(UTF_8));
        ProducerRecord<String, byte[]> header = new ProducerRecord<>(Topics.STATE, "j", new byte[0]);
        header.headers().add(Events.TYPE_HEADER, new byte[] {(byte) 0xff});

        // Then
        assertThat(reason(Records.event(Samples.received(sent)))).contains("not UTF-8: byte 0xff at 1");
        assertThat(reason(Records.event(Samples.received(header)))).contains("'ce_type' is not UTF-8");
    }

    @Test
    void keyAndTypeAreEnoughToCancel() {
        for (String value : new String[] {null, "", "{}", "null", "{\"jobId\":\"j\"}", "{\"newer\":1}"}) {
            // When
            Reading<Event> reading = Records.event(event(EventType.CANCEL_REQUESTED, "j", value));

            // Then
            assertThat(reading.found()).get().isInstanceOfSatisfying(CancelRequested.class, cancel -> {
                assertThat(cancel.jobId()).isEqualTo("j");
                assertThat(cancel.reason()).isEqualTo(CancelRequested.NO_REASON);
                assertThat(cancel.at().toEpochMilli()).isZero();
            });
        }
    }

    @Test
    void aWishToCancelThatIsWrongIsUnreadable() {
        Map.of(
                        "[]",
                        "no JSON object",
                        "stop it",
                        "Unrecognized token",
                        "{\"jobId\":\"other\"}",
                        "about 'other'",
                        "{\"reason\":5}",
                        "'reason'",
                        "{\"at\":\"yesterday\"}",
                        "'at'",
                        "{\"reason\":\"" + "r".repeat(501) + "\"}",
                        "at most 500")
                .forEach((value, reason) -> assertThat(
                                reason(Records.event(event(EventType.CANCEL_REQUESTED, "j", value))))
                        .contains(reason));
        assertThat(reason(Records.event(event(EventType.CANCEL_REQUESTED, null, null))))
                .contains("no key");
        assertThat(reason(Records.event(
                        record(Topics.CONTROL, "j", null, Events.TYPE_HEADER, CANCEL, Events.SUBJECT_HEADER, "other"))))
                .contains("its subject is 'other', but its key is 'j'");
    }

    @Test
    void anEventInStructuredModeIsReadAsTheEventItIs() {
        // Given
        String whole = """
                {"specversion": "1.0", "id": "1", "source": "/me", "type": "%s", "subject": "j",
                 "time": "2026-01-02T03:04:05Z", "extension": 1, "data": {"reason": "enough"}}""".formatted(CANCEL);
        String base64 = """
                {"specversion": "1.0", "id": "1", "source": "/me", "type": "%s", "data_base64": "e30="}""".formatted(CANCEL);
        String bare = base64.replace(", \"data_base64\": \"e30=\"", "");

        // When Then
        assertThat(Records.event(record(
                                Topics.CONTROL,
                                null,
                                whole,
                                "content-type",
                                "Application/CloudEvents+JSON; charset=UTF-8"))
                        .found())
                .contains(new CancelRequested("j", java.time.Instant.parse("2026-01-02T03:04:05Z"), "enough"));
        assertThat(Records.event(record(Topics.CONTROL, "k", base64, "content-type", STRUCTURED))
                        .found()
                        .map(Event::subject))
                .contains("k");
        assertThat(Records.event(record(Topics.CONTROL, "k", bare, "content-type", STRUCTURED))
                        .found()
                        .map(Event::subject))
                .contains("k");
        for (String[] wrong : new String[][] {
            {whole.replace("\"1.0\"", "\"0.3\""), "specversion '0.3'"},
            {whole.replace("\"id\": \"1\"", "\"id\": \"\""), "'id'"},
            {whole.replace("\"source\": \"/me\"", "\"source\": 1"), "'source'"},
            {whole.replace("\"extension\": 1", "\"datacontenttype\": \"text/xml\""), "not JSON"},
            {whole.replace("\"extension\": 1", "\"data_base64\": \"e30=\""), "both"},
            {base64.replace("e30=", "###"), "base64"},
        }) {
            assertThat(reason(Records.event(record(Topics.CONTROL, "j", wrong[0], "content-type", STRUCTURED))))
                    .contains(wrong[1]);
        }
    }

    @Test
    void aRequestIsReadInEveryModeAndWithoutAnyHeader() {
        // Given
        String body = "{\"prompt\":\"a\"}";
        String structured = """
                {"specversion": "1.0", "id": "1", "source": "/me", "type": "%s", "data": {"prompt":"a"}}""".formatted(EventType.REQUESTED);

        // When
        List<Records.Request> requests = Stream.of(
                        record(Topics.REQUESTS, "j", body),
                        record(Topics.REQUESTS, "j", body, Events.TYPE_HEADER, null, "content-type", null),
                        record(Topics.REQUESTS, "j", body, Events.TYPE_HEADER, EventType.REQUESTED.text()),
                        record(Topics.REQUESTS, "j", structured, "content-type", STRUCTURED),
                        record(Topics.REQUESTS, null, body, Events.SUBJECT_HEADER, "j"))
                .map(record -> Records.request(record).orElseThrow())
                .toList();

        // Then
        assertThat(requests)
                .allMatch(request -> request.name().equals(Optional.of("j")) && !request.isOther())
                .extracting(request -> new String(request.bytes(), UTF_8))
                .containsOnly(body);
        assertThat(Records.request(record(Topics.REQUESTS, null, null)).orElseThrow())
                .matches(request -> request.name().isEmpty() && request.bytes().length == 0);
        assertThat(Records.request(record(Topics.REQUESTS, "j", body, Events.TYPE_HEADER, CANCEL))
                        .orElseThrow()
                        .isOther())
                .isTrue();
    }

    @Test
    void aChunkWithoutValueKeyOrHeaderIsUnreadable() {
        // Given
        Chunk chunk = Chunk.media("j", 1, 0, 1, Map.of(Chunk.JOB, "{}"), ByteBuffer.wrap(new byte[9]))
                .get(0);
        ProducerRecord<String, byte[]> whole = Chunks.record(Topics.MEDIA, chunk);

        // When Then
        assertThat(reason(Records.chunk(record(Topics.MEDIA, "zzz", null)))).contains("no value");
        assertThat(reason(Records.chunk(Samples.received(
                        new ProducerRecord<>(Topics.MEDIA, 0, (String) null, whole.value(), whole.headers())))))
                .contains("no key");
        for (Header header : whole.headers().toArray()) {
            for (byte @Nullable [] value : new byte[][] {null, {(byte) 0xff}, {'\0'}, "-7".getBytes(UTF_8)}) {
                boolean free = header.key().startsWith("attr.") || header.key().equals("dtype");
                if (value == null || value[0] < 0 || !free) {
                    ProducerRecord<String, byte[]> odd = Chunks.record(Topics.MEDIA, chunk);
                    odd.headers().remove(header.key()).add(header.key(), value);
                    assertThat(reason(Records.chunk(Samples.received(odd)))).contains(header.key());
                }
            }
        }
    }

    @Test
    void whateverBytesComeNothingIsThrown() {
        // Given
        Random random = new Random(12);
        List<ProducerRecord<String, byte[]>> good =
                new ArrayList<>(Samples.EVENTS.stream().map(Events::record).toList());
        good.add(Chunks.record(
                Topics.MEDIA,
                Chunk.media("j", 1, 0, 1, Map.of(), ByteBuffer.wrap(new byte[99]))
                        .get(0)));

        for (int i = 0; i < 3_000; i++) {
            // When
            ProducerRecord<String, byte[]> from = good.get(random.nextInt(good.size()));
            byte[] value = mutated(from.value(), random);
            ProducerRecord<String, byte[]> sent = new ProducerRecord<>(from.topic(), null, from.key(), value);
            for (Header header : from.headers()) {
                boolean changed = random.nextInt(8) == 0;
                sent.headers().add(header.key(), changed ? mutated(header.value(), random) : header.value());
            }
            ConsumerRecord<String, byte[]> record = Samples.received(sent);

            // Then
            Records.event(record)
                    .found()
                    .ifPresent(event -> assertThat(Records.event(Samples.received(Events.record(event)))
                                    .found())
                            .contains(event));
            assertThat(Records.chunk(record)).isNotNull();
            assertThat(Records.request(record)).isNotNull();
        }
    }

    private static byte @Nullable [] mutated(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(3); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(50) == 0 ? null : changed;
    }
}
