package io.lowpass.contracts.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.contracts.InlineImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of the two formats against what Pillow makes of it. */
class RgbImageTest {

    private static final JsonNode FORMS = forms();

    private static JsonNode forms() {
        try (InputStream in = Objects.requireNonNull(RgbImageTest.class.getResourceAsStream("forms.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<String> names() {
        return FORMS.properties().stream().map(Map.Entry::getKey).filter(name -> !name.startsWith("_"));
    }

    private static byte[] bytes(String name, String field) {
        return Base64.getDecoder().decode(FORMS.path(name).path(field).asText());
    }

    @ParameterizedTest
    @MethodSource("names")
    void levelsAreThoseThatPillowGives(String name) {
        // Given
        byte[] file = bytes(name, "file");
        // When
        RgbImage image = RgbImage.decode(file, InlineImage.LIMITS);
        // Then
        assertThat(image.width()).isEqualTo(FORMS.path(name).path("width").asInt());
        assertThat(image.height()).isEqualTo(FORMS.path(name).path("height").asInt());
        assertThat(image.rgb()).isEqualTo(bytes(name, "rgb"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileThatIsCutAnywhereIsRefused(String name) {
        // Given
        byte[] file = bytes(name, "file");
        for (int length = 0; length < file.length; length += 1 + length / 40) {
            byte[] cut = Arrays.copyOf(file, length);
            // When, Then
            assertThatThrownBy(() -> RgbImage.check(cut, InlineImage.LIMITS))
                    .as("%s cut to %d of %d bytes", name, length, file.length)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("image is ");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFileWithWrongBytesIsDecodedOrRefused(String name) {
        // Given
        Random random = new Random(name.hashCode());
        for (int i = 0; i < 100; i++) {
            byte[] file = bytes(name, "file");
            for (int k = random.nextInt(4); k >= 0; k--) {
                file[random.nextInt(file.length)] = (byte) random.nextInt();
            }
            // When, Then
            assertThatCode(() -> decodeOrRefuse(file)).doesNotThrowAnyException();
        }
    }

    private static void decodeOrRefuse(byte[] file) {
        try {
            RgbImage image = RgbImage.decode(file, new RgbImage.Limits(256, 1 << 16));
            assertThat(image.rgb()).hasSize(3 * image.width() * image.height());
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("image is ");
        }
    }

    @Test
    void moreThanTheLimitsIsRefusedBeforeItIsDecoded() {
        // Given
        RgbImage.Limits narrow = new RgbImage.Limits(10, 1000);
        RgbImage.Limits few = new RgbImage.Limits(100, 50);
        // When, Then
        for (String name : new String[] {"rgb8.png", "ycc-0.jpeg"}) {
            byte[] file = bytes(name, "file");
            assertThatThrownBy(() -> RgbImage.check(file, narrow)).hasMessageContaining("sides of at most 10 pixels");
            assertThatThrownBy(() -> RgbImage.check(file, few)).hasMessageContaining("50 pixels in all");
        }
    }
}
