package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectMetadataTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "ads", "a b", "50 % off = ?", "~!@#$"})
    void whatAHeaderCarriesIsLeftAsItIs(String value) {
        assertThat(ObjectMetadata.encode(value)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", " a", "a ", "a  b", "=?UTF-8?B?w6k=?=", "東京のボール", "a 🌊 b"})
    void whatAHeaderDoesNotCarryTravelsAsEncodedWords(String value) {
        // When
        String encoded = ObjectMetadata.encode(value);
        // Then
        assertThat(encoded).matches("[!-~]+").startsWith("=?UTF-8?B?");
        assertThat(decode(encoded)).isEqualTo(value);
    }

    @Test
    void longTextIsSplitIntoWordsBetweenLetters() {
        // Given
        String value = "aé東🌊".repeat(25);
        // When
        String encoded = ObjectMetadata.encode(value);
        // Then
        assertThat(encoded.split(" "))
                .hasSizeGreaterThan(5)
                .allSatisfy(word -> assertThat(word).hasSizeLessThanOrEqualTo(75));
        assertThat(decode(encoded)).isEqualTo(value);
    }

    @Test
    void theJobsOwnNamesAreAmongThem() {
        assertThat(ObjectMetadata.of(Samples.JOB))
                .isEqualTo(Map.of(
                        "job-id", "job-1", "seed", Long.toString(Long.MAX_VALUE), "model", "demo", "team", "ads"));
        assertThat(ObjectMetadata.bytes(Map.of("team", "ads"))).isEqualTo(7);
    }

    private static String decode(String words) {
        return Arrays.stream(words.split(" "))
                .map(word -> word.substring("=?UTF-8?B?".length(), word.length() - 2))
                .map(text -> new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }
}
