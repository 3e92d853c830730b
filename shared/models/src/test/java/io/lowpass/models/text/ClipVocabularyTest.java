package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.models.ReferenceTensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipVocabularyTest {

    @TempDir
    Path folder;

    /** What transformers' tokenizer makes of the same files. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "The cat's running ; 524 513 515 521 517 520",
                "THE  CAT, of\t the sea!! 123 it's ; 524 513 515 267 523 513 82 68 320 0 256 272 273 274 72 339 521",
                "süß 东京 🌸 café ; 524 82 127 120 127 509 160 116 250 160 118 361 172 253 234 372 514 69 127 358",
                "a <|endoftext|> b ; 524 320 525 321",
                "\"\" ; 524"
            })
    void encodesWhatTheReferenceEncodes(String prompt, String ids) throws URISyntaxException {
        // Given
        Path files = Path.of(ClipVocabularyTest.class
                .getResource("clip-vocabulary/vocab.json")
                .toURI());
        try (Tokenizer tokenizer = Tokenizer.open(files.getParent(), 30)) {
            // When
            Tokens tokens = tokenizer.encode(prompt);
            // Then
            long[] expected = Stream.of((ids + " 525").split(" "))
                    .mapToLong(Long::parseLong)
                    .toArray();
            assertThat(tokens.real()).isEqualTo(expected);
            assertThat(tokens.ids().subList(tokens.length(), 30)).containsOnly(525L);
            assertThat(Arrays.stream(expected).max()).hasValue(525);
        }
    }

    @Test
    void theNewerFileGoesFirst() {
        // When, Then
        assertThat(ClipVocabulary.isIn(ReferenceTensors.golden("models/hunyuan-pipeline/tokenizer_2")))
                .isFalse();
    }

    @Test
    void refusesAVocabularyWithoutEnds() throws IOException {
        // Given
        Files.writeString(folder.resolve("vocab.json"), "{\"a\": 0, \"<|startoftext|>\": 1}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\n");
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, 12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vocab.json: <|endoftext|> is missing, allowed is the id of a token");
    }
}
