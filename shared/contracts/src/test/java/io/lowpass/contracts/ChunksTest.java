package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ChunksTest {

    private static final Chunk WHOLE = new Chunk(
            ChunkKind.LATENTS,
            "job-1",
            2,
            4,
            5,
            0,
            1,
            List.of(16L, 60L, 104L),
            "f32",
            0,
            Map.of(Chunk.JOB, "{}"),
            ByteBuffer.allocate(0));

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aLargeFrameIsSplitAndPutTogetherAgain() {
        // Given
        byte[] frame = random(2 * Chunk.MAX_PAYLOAD + 17);

        // When
        List<Chunk> chunks = Chunks.split(WHOLE, ByteBuffer.wrap(frame)).stream()
                .map(chunk -> Chunks.read(Samples.received(Chunks.record(Topics.LATENTS, chunk))))
                .toList();

        // Then
        assertThat(chunks).extracting(Chunk::part).containsExactly(0, 1, 2);
        assertThat(chunks).allMatch(chunk -> chunk.parts() == 3 && chunk.shape().equals(WHOLE.shape()));
        assertThat(chunks.get(0).attributes()).isEqualTo(WHOLE.attributes());
        assertThat(chunks.get(1).attributes()).isEmpty();
        ByteBuffer whole = ByteBuffer.allocate(frame.length);
        chunks.forEach(chunk -> whole.put(chunk.payload()));
        assertThat(whole.array()).isEqualTo(frame);
    }

    @Test
    void aChunkIsReadBackAsItWasSent() {
        // Given
        Chunk chunk = Chunk.media("j", 1, 3, -1, Map.of("frames", "4"), ByteBuffer.wrap(random(10)))
                .get(0);

        // When
        Chunk read = Chunks.read(Samples.received(Chunks.record(Topics.MEDIA, chunk)));

        // Then
        assertThat(read).isEqualTo(chunk);
    }

    @Test
    void onlyTheBytesFromPositionToLimitTravel() {
        // Given
        ByteBuffer bytes =
                ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4}).position(1).limit(4);

        // When
        ProducerRecord<String, byte[]> record =
                Chunks.record(Topics.LATENTS, Chunks.split(WHOLE, bytes).get(0));

        // Then
        assertThat(record.value()).containsExactly(1, 2, 3);
        assertThat(bytes.remaining()).isEqualTo(3);
    }

    @Test
    void aChangedByteIsNoticed() {
        // Given
        ProducerRecord<String, byte[]> record = Chunks.record(
                Topics.LATENTS,
                Chunks.split(WHOLE, ByteBuffer.wrap(random(100))).get(0));

        // When
        record.value()[50] ^= 1;

        // Then
        assertThatThrownBy(() -> Chunks.read(Samples.received(record)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("CRC-32C");
    }

    @Test
    void anAbortEndsAStreamWithItsReason() {
        // Given
        Chunk abort = Chunk.abort("j", 1, "cancelled");

        // When
        Chunk read = Chunks.read(Samples.received(Chunks.record(Topics.LATENTS, abort)));

        // Then
        assertThat(read.kind()).isEqualTo(ChunkKind.ABORT);
        assertThat(read.attributes()).containsEntry(Chunk.REASON, "cancelled");
        assertThat(read.payload().hasRemaining()).isFalse();
    }

    @Test
    void aMissingHeaderIsNamed() {
        // Given
        ProducerRecord<String, byte[]> record = Chunks.record(Topics.LATENTS, WHOLE);

        // When
        record.headers().remove("attempt");

        // Then
        assertThatThrownBy(() -> Chunks.read(Samples.received(record)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("'attempt'");
    }

    @Test
    void aHeaderThatIsNoNumberIsMalformed() {
        // Given
        ProducerRecord<String, byte[]> record = Chunks.record(Topics.LATENTS, WHOLE);

        // When
        record.headers().remove("index").add("index", new byte[] {'x'});

        // Then
        assertThatThrownBy(() -> Chunks.read(Samples.received(record)))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessageContaining("\"x\"");
    }

    @Test
    void aPayloadThatFitsNoRecordIsRefused() {
        // Given
        ByteBuffer tooLarge = ByteBuffer.allocate(Chunk.MAX_PAYLOAD + 1);

        // When Then
        assertThatThrownBy(() -> new Chunk(ChunkKind.MEDIA, "j", 1, 0, 1, 0, 1, List.of(), "u8", 0, Map.of(), tooLarge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("900001");
    }
}
