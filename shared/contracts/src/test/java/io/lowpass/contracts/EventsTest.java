package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventsTest {

    static List<Event> events() {
        return Samples.EVENTS;
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventIsReadBackAsItWasSent(Event event) {
        // Given
        ProducerRecord<String, byte[]> record = Events.record(event);

        // When
        Event read = Events.read(Samples.received(record));

        // Then
        assertThat(read).isEqualTo(event);
        assertThat(record.topic()).isEqualTo(event.type().topic());
        assertThat(record.key()).isEqualTo(event.subject()).isIn("job-1", "sampler-0");
    }

    @Test
    void everyTypeHasASampleAndARecordOfItsOwn() {
        // Given
        Set<EventType> types = Samples.EVENTS.stream().map(Event::type).collect(Collectors.toSet());

        // Then
        assertThat(types).containsExactlyInAnyOrder(EventType.values());
        assertThat(new HashSet<>(Arrays.stream(EventType.values())
                        .map(EventType::payload)
                        .toList()))
                .hasSize(EventType.values().length);
        Samples.EVENTS.forEach(
                event -> assertThat(event).isInstanceOf(event.type().payload()));
    }

    @Test
    void theAttributesAreThoseOfCloudEventsInBinaryMode() {
        // Given
        Event event =
                new JobEvent.Progress("j", 2, Samples.AT, JobEvent.Stage.DENOISE, 3, 50, 0.06, 1, 2, Optional.empty());

        // When
        var headers = Events.record(event).headers();

        // Then
        assertThat(headers)
                .extracting(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly(
                        "ce_specversion=1.0",
                        "ce_id=j:2:io.lowpass.job.progress.v1:1000000003",
                        "ce_source=/lowpass/jobs",
                        "ce_type=io.lowpass.job.progress.v1",
                        "ce_subject=j",
                        "ce_time=2026-01-02T03:04:05.678Z",
                        "content-type=application/json");
    }

    @Test
    void aStartThatWasToldBeforeModelsWereIsRead() {
        // Given
        JobEvent.Started now =
                new JobEvent.Started("j", 1, Samples.AT, "w", "cpu", Optional.of("demo"), Optional.of(true));
        ProducerRecord<String, byte[]> record = Events.record(now);
        String before = new String(record.value(), StandardCharsets.UTF_8)
                .replace(",\"model\":\"demo\"", "")
                .replace(",\"warm\":true", "");
        ProducerRecord<String, byte[]> old = new ProducerRecord<>(
                record.topic(), null, record.key(), before.getBytes(StandardCharsets.UTF_8), record.headers());

        // When
        Event read = Events.read(Samples.received(old));

        // Then
        assertThat(before).doesNotContain("model", "warm");
        assertThat(read)
                .isEqualTo(new JobEvent.Started("j", 1, Samples.AT, "w", "cpu", Optional.empty(), Optional.empty()));
    }

    @Test
    void theSameStepOfTwoStagesHasTwoIds() {
        // Given
        Set<String> ids = new HashSet<>();

        // When
        for (JobEvent.Stage stage : JobEvent.Stage.values()) {
            ids.add(new JobEvent.Progress("j", 1, Samples.AT, stage, 1, 2, 0.5, 1, 1, Optional.empty()).id());
        }

        // Then
        assertThat(ids).hasSize(JobEvent.Stage.values().length);
    }

    @Test
    void onlyTheEndOfAJobIsTerminal() {
        // Given
        Set<EventType> terminal = Set.of(EventType.REJECTED, EventType.COMPLETED, EventType.CANCELLED);

        // Then
        for (Event event : Samples.EVENTS) {
            if (event instanceof JobEvent happened) {
                assertThat(happened.isTerminal()).as(event.type().text()).isEqualTo(terminal.contains(event.type()));
            }
        }
        assertThat(new JobEvent.Failed("j", 5, Samples.AT, new JobEvent.Failure("X", ErrorClass.POISON, ""), false)
                        .isTerminal())
                .isTrue();
    }

    @Test
    void aRecordOfUnknownTypeIsMalformed() {
        // Given
        var record = Samples.received(new ProducerRecord<>(Topics.STATE, "j", new byte[] {'{', '}'}));

        // When Then
        assertThatThrownBy(() -> Events.read(record))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("lowpass.state.v1-0 offset 7")
                .hasMessageContaining("type ''");
    }

    @Test
    void dataThatLacksAFieldIsMalformed() {
        // Given
        ProducerRecord<String, byte[]> sent = new ProducerRecord<>(
                Topics.STATE,
                "j",
                "{\"jobId\": \"j\", \"attempt\": 1, \"atStep\": 0, \"reason\": \"r\"}"
                        .getBytes(StandardCharsets.UTF_8));
        sent.headers().add(Events.TYPE_HEADER, EventType.CANCELLED.text().getBytes(StandardCharsets.UTF_8));

        // When Then
        assertThatThrownBy(() -> Events.read(Samples.received(sent)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("'at'");
    }

    @Test
    void aRecordWithoutAKeyIsMalformed() {
        // Given
        ProducerRecord<String, byte[]> sent =
                new ProducerRecord<>(Topics.REQUESTS, "{}".getBytes(StandardCharsets.UTF_8));
        sent.headers().add(Events.TYPE_HEADER, EventType.REQUESTED.text().getBytes(StandardCharsets.UTF_8));

        // When Then
        assertThatThrownBy(() -> Events.read(Samples.received(sent)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("no key");
    }

    @Test
    void aFieldOfANewerSenderIsIgnored() {
        // Given
        String json = EventJson.text(Samples.JOB).replaceFirst("\\{", "{\"newer\": 1, ");

        // When Then
        assertThat(EventJson.read(json, Job.class)).isEqualTo(Samples.JOB);
    }

    @Test
    void aNumberThatIsNotFiniteIsNeverWritten() {
        // Given
        Event event = new JobEvent.Progress(
                "j", 1, Samples.AT, JobEvent.Stage.DENOISE, 1, 2, 0.5, Double.NaN, 1, Optional.empty());

        // When Then
        assertThatThrownBy(() -> Events.record(event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN has no form in JSON");
    }

    @Test
    void aThresholdThatIsNotKnownYetIsAbsent() {
        // Given
        var decision = new CacheDecision(
                "compute",
                "warm-up",
                OptionalDouble.of(Double.NaN),
                OptionalDouble.empty(),
                OptionalDouble.of(Double.POSITIVE_INFINITY),
                List.of());

        // Then
        assertThat(EventJson.text(decision))
                .isEqualTo("{\"decision\":\"compute\",\"reason\":\"warm-up\",\"blocksSkipped\":[]}");
    }

    @Test
    void textThatIsNoJobIsRefusedWithTheReason() {
        // Given
        String json = "{\"jobId\": 3";

        // When Then
        assertThatThrownBy(() -> EventJson.read(json, Job.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Not a Job: ");
    }

    @Test
    void aSizeIsWrittenWithACross() {
        assertThat(Size.of("832x480")).isEqualTo(new Size(832, 480)).hasToString("832x480");
        assertThatThrownBy(() -> Size.of("832*480"))
                .hasMessageContaining("832*480")
                .hasMessageContaining("WIDTHxHEIGHT");
    }
}
