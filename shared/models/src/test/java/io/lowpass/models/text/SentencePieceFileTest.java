package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A SentencePiece file trained on a few words, against what transformers' T5Tokenizer makes of it. */
class SentencePieceFileTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void copy() throws IOException {
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("spiece.model"))) {
            Files.copy(file, folder.resolve("spiece.model"));
        }
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"extra_ids\": 5, \"pad_token\": \"<pad>\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a small red ball | 5 14 24 11 1",
                "\"\" | 1",
                "\"  a  panda wearing\ta jacket , runs!\n \" | 5 19 6 5 9 50 2 17 2 1",
                "caf\u00e9 \ufb01ne \uff26ull\u3000red\u00a0ball zzz | 26 3 4 24 11 50 2 1",
                "ball<extra_id_3> moving </s> x <pad> | 11 53 25 1 50 2 0 1"
            })
    void tokenizesAsTheReferenceDoes(String text, String expected) {
        // Given
        long[] ids =
                Arrays.stream(expected.split(" ")).mapToLong(Long::parseLong).toArray();
        try (Tokenizer tokenizer = Tokenizer.open(folder, 12)) {
            // When
            Tokens tokens = tokenizer.encode(text);
            // Then
            assertThat(tokens.real()).isEqualTo(ids);
            assertThat(tokens.ids()).hasSize(12);
        }
    }

    @Test
    void countsTheTokensForGapsFromTheEnd() throws IOException {
        // Given
        Files.delete(folder.resolve("tokenizer_config.json"));
        try (Tokenizer tokenizer = Tokenizer.open(folder, 4)) {
            // When, Then
            assertThat(tokenizer.encode("<extra_id_0>").real()).containsExactly(52 + 99, 1);
        }
    }

    @Test
    void aTokenizerFileComesFirst() throws IOException {
        // Given
        Files.writeString(folder.resolve("tokenizer.json"), "[]");
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, 4)).hasMessageContaining("tokenizer.json is not a JSON object");
    }

    @Test
    void refusesFilesOfAnotherKind() throws IOException {
        // Given
        Path file = folder.resolve("spiece.model");
        byte[] whole = Files.readAllBytes(file);
        // When, Then
        Files.write(file, Arrays.copyOf(whole, 100));
        assertThatThrownBy(() -> Tokenizer.open(folder, 4))
                .hasMessageContaining(
                        "spiece.model is no SentencePiece file: While parsing a protocol message, the input ended");
        Files.write(file, new byte[] {0x0b});
        assertThatThrownBy(() -> Tokenizer.open(folder, 4)).hasMessageContaining("end-group tag did not match");
        Files.write(file, new byte[] {0x12, 0x00});
        assertThatThrownBy(() -> Tokenizer.open(folder, 4)).hasMessageContaining("0 pieces, allowed is 1 (unigram)");
        byte[] endless = new byte[12];
        Arrays.fill(endless, (byte) 0xff);
        Files.write(file, endless);
        assertThatThrownBy(() -> Tokenizer.open(folder, 4)).hasMessageContaining("a malformed varint");
    }
}
