package io.lowpass.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void whatIsNotCompleteIsClosedTheLastFirst() {
        // When
        try (Opening opening = new Opening()) {
            opening.opened(() -> closed.add("tokenizer"));
            opening.opened(() -> closed.add("encoder"));
        }
        // Then
        assertThat(closed).containsExactly("encoder", "tokenizer");
    }

    @Test
    void whatIsCompleteStaysOpen() {
        // When
        String whole;
        try (Opening opening = new Opening()) {
            opening.opened(() -> closed.add("tokenizer"));
            whole = opening.done("prompts");
        }
        // Then
        assertThat(whole).isEqualTo("prompts");
        assertThat(closed).isEmpty();
    }
}
