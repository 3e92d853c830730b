package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.models.ReferenceTensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PromptCleanerTest {

    static Stream<JsonNode> referenceCases() {
        return ReferenceTensors.json(ReferenceTensors.golden("prompt-clean/case.json"))
                .at("/settings/cases")
                .valueStream();
    }

    /** Prompts and what diffusers 0.42.1 with ftfy 6.3.1 makes of them; 500 of 147,285 that were compared. */
    static Stream<JsonNode> broadCases() throws IOException {
        try (InputStream in = PromptCleanerTest.class.getResourceAsStream("cleaned-prompts.json")) {
            return new ObjectMapper().readTree(in).valueStream();
        }
    }

    @ParameterizedTest
    @MethodSource({"referenceCases", "broadCases"})
    void cleansAsTheReferenceDoes(JsonNode pair) {
        // When
        String cleaned = PromptCleaner.clean(pair.get(0).asText());
        // Then
        assertThat(cleaned).isEqualTo(pair.get(1).asText());
    }

    @ParameterizedTest
    @CsvSource({
        "P&EACUTE;REZ, PÉREZ",
        "this&notthat, this¬that",
        "&#x1F600;&#128;, 😀€",
        "&#99999999999;, \ufffd",
        "<b>&lt;, <b><"
    })
    void resolvesWhatIsEscaped(String raw, String expected) {
        // When, Then
        assertThat(PromptCleaner.clean(raw)).isEqualTo(expected);
    }

    @Test
    void removesTerminalColours() {
        // When, Then
        assertThat(PromptCleaner.clean("\u001b[31mred\u001b[0m")).isEqualTo("red");
    }

    @Test
    void replacesHalvesOfSurrogatePairs() {
        // When, Then
        assertThat(PromptCleaner.clean("a\ud83d b")).isEqualTo("a\ufffd b");
    }

    @Test
    void takesLongBrokenText() {
        // When, Then
        assertThat(PromptCleaner.clean("Ã©".repeat(20_000))).isEqualTo("é".repeat(20_000));
    }
}
