package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.models.ReferenceTensors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CaptionCleanerTest {

    static Stream<JsonNode> pairs() {
        JsonNode description = ReferenceTensors.json(ReferenceTensors.golden("opensora-prompt-clean/case.json"));
        return StreamSupport.stream(description.get("settings").get("cases").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void cleansAsTheReferenceCleans(JsonNode pair) {
        // When
        String cleaned = CaptionCleaner.clean(pair.get(0).asText());
        // Then
        assertThat(cleaned).isEqualTo(pair.get(1).asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a<script>var x</script> b<!-- c --> <![CDATA[ q ]]> <rt>r</rt>d | a b q d",
                "a stop <sign in the rain | a stop <sign in the rain",
                "a<rt/>b<style/>c<rt><![CDATA[!]]>x</rt> d&\u00e9f&g\ud83d\ude00h | abc! d \u00e9f g\ud83d\ude00h",
                "x &#65 y &foo; z &amp | x a y foo z",
                "&lt;b&gt;bold <5 </> <p x=1 | bold <5 <p x=1",
                "\u03a3\"a \u039f\u03a3\u03a3 x-\u03a3 | \u03c3\"a \u03bf\u03c3\u03c2 x-\u03c3",
                "%e4%bd | \ufffd"
            })
    void marksAndLettersAreReadAsInPython(String raw, String cleaned) {
        assertThat(CaptionCleaner.clean(raw)).isEqualTo(cleaned);
    }
}
