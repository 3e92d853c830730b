package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ReferenceTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {

    private static final Path DEMO = ReferenceTensors.demoModel().resolve("tokenizer");

    @TempDir
    Path folder;

    @Test
    void padsToTheMaximalLength() {
        // Given
        try (Tokenizer tokenizer = Tokenizer.open(DEMO, 12)) {
            // When
            Tokens tokens = tokenizer.encode("a big red ball");
            // Then
            assertThat(tokens.length()).isEqualTo(5);
            assertThat(tokens.ids()).hasSize(12).endsWith(1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
            assertThat(tokens.real()).hasSize(5).endsWith(1);
        }
    }

    @Test
    void cutsBeforeTheEndToken() {
        // Given
        try (Tokenizer tokenizer = Tokenizer.open(DEMO, 6);
                Tokenizer whole = Tokenizer.open(DEMO, 1000)) {
            String prompt = "a big red ball bouncing over a green field ".repeat(20);
            // When
            Tokens tokens = tokenizer.encode(prompt);
            // Then
            long[] all = whole.encode(prompt).real();
            assertThat(tokens.ids()).containsExactly(all[0], all[1], all[2], all[3], all[4], 1L);
            assertThat(whole.encode(prompt).length()).isEqualTo(182);
        }
    }

    @Test
    void encodesNothingAsTheEndToken() {
        // Given
        try (Tokenizer tokenizer = Tokenizer.open(DEMO, 3)) {
            // When, Then
            assertThat(tokenizer.encode("")).isEqualTo(new Tokens(List.of(1L, 0L, 0L), 1));
        }
    }

    @Test
    void choosesLengthsItselfWhateverTheFileSays() throws IOException {
        // Given
        ObjectMapper json = new ObjectMapper();
        ObjectNode definition =
                (ObjectNode) json.readTree(DEMO.resolve("tokenizer.json").toFile());
        definition.set(
                "truncation",
                json.readTree("{\"direction\":\"Right\",\"max_length\":2,\"strategy\":\"LongestFirst\",\"stride\":0}"));
        definition.set(
                "padding",
                json.readTree("{\"strategy\":{\"Fixed\":9},\"direction\":\"Left\",\"pad_to_multiple_of\":null,"
                        + "\"pad_id\":2,\"pad_type_id\":0,\"pad_token\":\"<unk>\"}"));
        json.writeValue(folder.resolve("tokenizer.json").toFile(), definition);
        Files.copy(DEMO.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
        try (Tokenizer tokenizer = Tokenizer.open(folder, 12);
                Tokenizer plain = Tokenizer.open(DEMO, 12)) {
            // When, Then
            assertThat(tokenizer.encode("a big red ball")).isEqualTo(plain.encode("a big red ball"));
        }
    }

    @Test
    void namesTheMissingFile() {
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, 12))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokenizer.json does not exist");
    }

    @Test
    void refusesAPaddingTokenWithoutAnId() throws IOException {
        // Given
        Files.copy(DEMO.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"pad_token\":{\"content\":\"<none>\"}}");
        // When, Then
        assertThatThrownBy(() -> Tokenizer.open(folder, 12))
                .hasMessageContaining("added_tokens")
                .hasMessageContaining("allowed is a list with the padding token <none>");
    }
}
