package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private static final Path TRANSFORMER =
            Path.of(System.getProperty("lowpass.root"), "shared/demo-model/transformer");
    private static final List<String> BLOCKS = List.of("blocks.0.", "blocks.1.", "blocks.2.", "blocks.3.");
    private static final long PAGES = 1 << 16;

    private static ReadAhead blocks(long room) {
        return ReadAhead.of(TRANSFORMER, BLOCKS, Precision.BF16, room);
    }

    /** A field of all mappings of the file in this process, bytes. */
    private static long mapped(String field) throws IOException {
        Path file = TRANSFORMER.resolve("diffusion_pytorch_model.safetensors").toRealPath();
        long sum = 0;
        boolean inFile = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            String[] words = line.split("\\s+");
            if (words[0].contains("-")) {
                inFile = line.endsWith(" " + file);
            } else if (inFile && words[0].equals(field + ":")) {
                sum += Long.parseLong(words[1]) * 1024;
            }
        }
        return sum;
    }

    @Test
    void partsCoverTheirTensorsAndNoOthers() {
        // Given
        try (Safetensors file = Safetensors.open(TRANSFORMER);
                ReadAhead files = ReadAhead.of(TRANSFORMER, List.of("blocks.0.", "blocks.11."), Precision.BF16, 0)) {
            // When
            long expected = file.names().stream()
                    .filter(name -> name.startsWith("blocks.11."))
                    .mapToLong(name -> file.range(name).to() - file.range(name).from())
                    .sum();
            // Then
            assertThat(files.parts()).isEqualTo(2);
            assertThat(files.bytes(1)).isEqualTo(expected).isPositive();
        }
    }

    @Test
    void thePartInUseAndTheNextAreReadAndWhatRestsIsNoLongerReferenced() throws Exception {
        // Given
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors file = Safetensors.open(TRANSFORMER);
                NDArray mapping = file.get(manager, "blocks.0.ffn.net.0.proj.weight", Precision.BF16);
                ReadAhead files = blocks(0)) {
            // When
            files.use(1);
            files.await();
            // Then
            assertThat(files.bytesRead()).isEqualTo(files.bytes(1) + files.bytes(2));
            assertThat(mapped("Rss")).isGreaterThan(files.bytes(1) + files.bytes(2) - PAGES);
            assertThat(mapped("Referenced")).isGreaterThan(files.bytes(1) + files.bytes(2) - PAGES);
            // When
            files.rest();
            // Then
            assertThat(mapped("Referenced")).isLessThan(PAGES);
            assertThat(mapping.isReleased()).isFalse();
        }
    }

    @Test
    void afterTheLastPartComesTheFirst() throws InterruptedException {
        // Given
        try (ReadAhead files = blocks(0)) {
            // When
            files.use(3);
            files.await();
            // Then
            assertThat(files.bytesRead()).isEqualTo(files.bytes(3) + files.bytes(0));
        }
    }

    @Test
    void asManyOfTheFirstPartsStayAsFitBesideTwoThatComeAndGo() {
        // Given
        long part;
        long others;
        try (Safetensors file = Safetensors.open(TRANSFORMER);
                ReadAhead none = blocks(0)) {
            part = none.bytes(0);
            others = file.bytes() - 4 * part;
        }
        // When, Then
        assertKept(0, 0);
        assertKept(others + 3 * part - 1, 0);
        assertKept(others + 3 * part, 1);
        assertKept(others + 4 * part - 1, 1);
        assertKept(others + 4 * part, 4);
    }

    private static void assertKept(long room, int kept) {
        try (ReadAhead files = blocks(room)) {
            assertThat(files.kept()).isEqualTo(kept);
            assertThat(files.streamedBytes()).isEqualTo((4 - kept) * files.bytes(0));
        }
    }

    @Test
    void refusesAPartWithoutTensorsAndAPrecisionThatIsNotStored() {
        assertThatThrownBy(() -> ReadAhead.of(TRANSFORMER, List.of("blocks.12."), Precision.BF16, 0))
                .hasMessageContaining("no tensor whose name starts with 'blocks.12.'");
        assertThatThrownBy(() -> ReadAhead.of(TRANSFORMER, List.of("blocks.0."), Precision.F32, 0))
                .hasMessageContaining("dtype is f32, allowed is bf16");
    }
}
