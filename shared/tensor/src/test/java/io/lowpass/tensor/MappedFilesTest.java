package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.tensor.MappedFiles.Mapping;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFilesTest {

    @TempDir
    private Path folder;

    @Test
    void aRangeOfAFileIsFoundInWholePagesOfEveryMappingThatHoldsIt() throws Exception {
        // Given
        Path maps = folder.resolve("maps");
        Files.writeString(maps, """
                7f0000000000-7f0000010000 rw-p 00000000 fe:00 17                         /models/a b.safetensors
                7f0000020000-7f0000022000 r--p 00008000 fe:00 17                         /models/a b.safetensors
                7f0000030000-7f0000040000 rw-p 00000000 00:00 0
                7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]
                """);
        MappedFiles mapped = MappedFiles.of(maps);
        // When, Then
        assertThat(mapped.sections(Path.of("/models/a b.safetensors"), 0x1234, 0x9000))
                .containsExactly(
                        new Mapping(0x7f0000001000L, 0x1000, 0x8000), new Mapping(0x7f0000020000L, 0x8000, 0x1000));
        assertThat(mapped.sections(Path.of("/models/a b.safetensors"), 0x1234, 0x2345))
                .containsExactly(new Mapping(0x7f0000001000L, 0x1000, 0x1345));
        assertThat(mapped.sections(Path.of("/models/other"), 0, 1)).isEmpty();
    }

    @Test
    void aKernelThatDoesNotTellHasNothingMapped() {
        assertThat(MappedFiles.of(folder.resolve("none")).sections(Path.of("/models/a"), 0, 1))
                .isEmpty();
    }
}
