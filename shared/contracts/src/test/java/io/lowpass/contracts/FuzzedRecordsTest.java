package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.testing.fuzz.Fuzz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is in a record, its reader answers with what it means or with why it means nothing. */
class FuzzedRecordsTest {

    private static final int LONGEST_REASON = 1000;

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyEventIsReadOrRefused(EventType type) {
        List<ProducerRecord<String, byte[]>> good = Samples.EVENTS.stream()
                .filter(event -> event.type() == type)
                .map(Events::record)
                .toList();
        fuzz("event-" + type.name(), good).check(form -> {
            ConsumerRecord<String, byte[]> record = RecordForm.record(type.topic(), form, good.get(0));
            // What was read can be told on: to a page, a client, or another topic.
            answer(Records.event(record)).ifPresent(event -> {
                assertThat(event.subject()).isNotNull();
                assertThat(Events.record(event).value()).isNotEmpty();
            });
        });
    }

    @Test
    void latentsAreReadOrRefused() {
        Chunk latents = new Chunk(
                ChunkKind.LATENTS,
                "job-1",
                1,
                0,
                2,
                0,
                1,
                List.of(1L, 2L, 3L),
                "f32",
                0,
                Map.of(Chunk.JOB, EventJson.text(Samples.JOB)),
                ByteBuffer.wrap(new byte[24]));
        chunks("latents", Topics.LATENTS, Chunks.split(latents, latents.payload()));
    }

    @Test
    void mediaAreReadOrRefused() {
        Map<String, String> attributes = Map.of(Chunk.JOB, EventJson.text(Samples.JOB));
        chunks("media", Topics.MEDIA, Chunk.media("job-1", 1, 0, 1, attributes, ByteBuffer.wrap(new byte[] {1, 2, 3})));
    }

    private static void chunks(String name, String topic, List<Chunk> whole) {
        List<ProducerRecord<String, byte[]>> good =
                whole.stream().map(chunk -> Chunks.record(topic, chunk)).toList();
        fuzz(name, good).check(form -> {
            ConsumerRecord<String, byte[]> record = RecordForm.record(topic, form, good.get(0));
            answer(Records.chunk(record)).ifPresent(chunk -> {
                assertThat(chunk.jobId()).isNotNull();
                assertThat(Chunks.record(topic, chunk).value()).isEqualTo(record.value());
            });
        });
    }

    /** What a record holds; the reason, if it cannot be read, is short whatever the record holds. */
    private static <T> Optional<T> answer(Reading<T> reading) {
        if (reading instanceof Reading.Unreadable<T> unreadable) {
            assertThat(unreadable.reason()).isNotBlank().hasSizeLessThan(LONGEST_REASON);
            assertThat(unreadable.message()).isNotBlank();
        }
        return reading.found();
    }

    private static Fuzz fuzz(String name, List<ProducerRecord<String, byte[]>> good) {
        return new Fuzz(name, good.stream().map(RecordForm::of).toList(), List.of());
    }

    @Test
    void everyRecordOfTheRequestsIsReadOrRefused() {
        List<ProducerRecord<String, byte[]>> good = List.of(
                Events.record(Samples.EVENTS.get(0)),
                new ProducerRecord<>(
                        Topics.REQUESTS, null, "{\"prompt\":\"a red ball\"}".getBytes(StandardCharsets.UTF_8)));
        fuzz("request-records", good)
                .check(form -> answer(Records.request(RecordForm.record(Topics.REQUESTS, form, good.get(0)))));
    }

    @Test
    void deadLettersCanBeMadeOfEveryRecord() {
        List<ProducerRecord<String, byte[]>> good =
                Samples.EVENTS.stream().map(Events::record).toList();
        fuzz("dead-letters", good).check(form -> {
            ConsumerRecord<String, byte[]> record = RecordForm.record(Topics.CONTROL, form, good.get(0));
            ProducerRecord<String, byte[]> letter = DeadLetters.record(record, "sampler", 1, "CODE", "why");
            assertThat(letter.topic()).isEqualTo(Topics.DEAD_LETTER);
        });
    }

    @Test
    void imagesAreReadOrRefused() throws IOException {
        List<byte[]> good = new ArrayList<>();
        for (int type :
                List.of(BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY)) {
            good.add(file("png", type));
        }
        good.add(file("jpeg", BufferedImage.TYPE_INT_RGB));
        good.add(file("jpeg", BufferedImage.TYPE_BYTE_GRAY));
        new Fuzz("images", good, List.of(IllegalArgumentException.class)).check(file -> {
            String type = file.length > 0 && file[0] == (byte) 0xff ? "jpeg" : "png";
            String uri = "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(file);
            int width = InlineImage.of(uri).decode().width();
            assertThat(width).isPositive();
        });
    }

    private static byte[] file(String format, int type) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        BufferedImage image = new BufferedImage(19, 13, type);
        image.setRGB(3, 3, 0xff8040);
        assertThat(ImageIO.write(image, format, file)).isTrue();
        return file.toByteArray();
    }
}
