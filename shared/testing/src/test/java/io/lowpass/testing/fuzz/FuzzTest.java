package io.lowpass.testing.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuzzTest {

    private static final byte[] JSON = "{\"a\": [1, {\"b\": \"c\"}], \"d\": null}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] BYTES = {1, 2, 3, 4};

    private static Fuzz fuzz(byte[] good) {
        return new Fuzz("test", List.of(good), List.of(IllegalArgumentException.class));
    }

    @Test
    void theSameSeedMakesTheSameInputsAndMostOfThemDiffer() {
        for (byte[] good : List.of(JSON, BYTES)) {
            // Given
            List<String> first = new ArrayList<>();
            List<String> second = new ArrayList<>();
            // When
            fuzz(good).check(input -> first.add(HexFormat.of().formatHex(input)));
            fuzz(good).check(input -> second.add(HexFormat.of().formatHex(input)));
            // Then
            assertThat(second).isEqualTo(first);
            assertThat(first).startsWith(HexFormat.of().formatHex(good));
            assertThat(first.stream().distinct().count()).isGreaterThan(first.size() / 3);
        }
    }

    @Test
    void aRefusalWithAReasonIsAnAnswer() {
        fuzz(JSON).check(input -> {
            throw new IllegalArgumentException("a is " + input.length);
        });
    }

    @Test
    void whatIsNoAnswerIsShown() {
        // No reason, another exception, and too much memory
        assertThatThrownBy(() -> fuzz(JSON).check(input -> {
                    throw new IllegalArgumentException();
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("IllegalArgumentException");
        assertThatThrownBy(() -> fuzz(BYTES).check(input -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessageContaining("broken")
                .hasMessageContaining("test-" + Long.getLong("fuzz.seed", 1) + "-0");
        assertThatThrownBy(() -> fuzz(BYTES).check(input -> {
                    // The good one, which comes first
                    for (int i = 0; Arrays.equals(input, BYTES) && i < 300; i++) {
                        assertThat(new byte[1 << 20]).isNotEmpty();
                    }
                }))
                .hasMessageContaining("MiB");
    }
}
