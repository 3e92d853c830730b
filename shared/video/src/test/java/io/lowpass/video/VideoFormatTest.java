package io.lowpass.video;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoFormatTest {

    @ParameterizedTest
    @CsvSource({
        "63, 48, 8, width 63",
        "64, 47, 8, height 47",
        "0, 0, 8, width 0",
        "-64, 64, 8, width -64",
        "20000, 16, 8, width 20000",
        "64, 64, 0, fps 0",
        "64, 64, 1000, fps 1000"
    })
    void whatNoEncoderCanDoIsRefusedWithFieldAndValue(int width, int height, int fps, String named) {
        assertThatThrownBy(() -> VideoFormat.of(width, height, fps, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void metadataThatWouldBeCutShortIsRefused() {
        assertThatThrownBy(() -> VideoFormat.of(64, 64, 8, Map.of("prompt", "a\0b")))
                .hasMessageContaining("NUL");
        assertThatThrownBy(() -> VideoFormat.of(64, 64, 8, Map.of("prompt", "x".repeat(200_000))))
                .hasMessageContaining("100000");
    }
}
