package io.lowpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFileTest {

    @TempDir
    Path directory;

    private final List<String> notices = new ArrayList<>();

    /** A slow ramp from left to right under noise that nothing compresses. */
    private Path photo(String name, int width, int height) throws IOException {
        Random random = new Random(5);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = 200 * x / width + random.nextInt(40);
                image.setRGB(x, y, red << 16 | 100 + random.nextInt(40) << 8 | random.nextInt(40));
            }
        }
        Path file = directory.resolve(name);
        ImageIO.write(image, name.substring(name.indexOf('.') + 1), file.toFile());
        return file;
    }

    @Test
    void aFileThatFitsIsSentAsItIs() throws IOException {
        // Given
        Path file = photo("small.png", 64, 48);
        // When
        String uri = ImageFile.uri(file, notices::add);
        // Then
        assertThat(uri)
                .isEqualTo("data:image/png;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"photo.png, 1200, 900", "photo.jpeg, 3000, 2000", "wide.png, 9000, 300", "camera.jpeg, 6000, 4000"})
    void aLargePhotoIsMadeSmallerAndSaidSo(String name, int width, int height) throws IOException {
        // Given
        Path file = photo(name, width, height);
        // When
        String uri = ImageFile.uri(file, notices::add);
        // Then
        RgbImage sent = InlineImage.of(uri).decode();
        assertThat(uri).hasSizeLessThanOrEqualTo(InlineImage.MAX_LENGTH).startsWith("data:image/jpeg;base64,");
        assertThat((double) sent.width() / sent.height()).isCloseTo((double) width / height, within(0.5));
        assertThat(sent.width()).isGreaterThan(300);
        assertThat(notices)
                .singleElement()
                .asString()
                .contains(file.toString(), Files.size(file) + " bytes is more than a request may hold")
                .contains("sent as a JPEG of " + sent.width() + "x" + sent.height());
        assertThat(mean(sent, 0, sent.width() / 10)).isCloseTo(20 + 10, within(4.0));
        assertThat(mean(sent, sent.width() * 9 / 10, sent.width())).isCloseTo(20 + 190, within(4.0));
    }

    /** Of the red of some columns. */
    private static double mean(RgbImage image, int from, int to) {
        double sum = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = from; x < to; x++) {
                sum += Byte.toUnsignedInt(image.rgb()[RgbImage.CHANNELS * (y * image.width() + x)]);
            }
        }
        return sum / image.height() / (to - from);
    }

    @Test
    void whatIsNoImageIsNamed() throws IOException {
        // Given
        Path webp = Files.write(
                directory.resolve("a.png"),
                Base64.getDecoder().decode("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAQAcJaQAA3AA/v3AgAA="));
        Path cut = directory.resolve("cut.jpeg");
        byte[] whole = Files.readAllBytes(photo("whole.jpeg", 64, 48));
        Files.write(cut, Arrays.copyOf(whole, whole.length - 10));
        // When, Then
        assertThatThrownBy(() -> ImageFile.uri(webp, notices::add))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("image " + webp + " is not a PNG or JPEG: it is WebP");
        assertThatThrownBy(() -> ImageFile.uri(cut, notices::add))
                .hasMessage("image " + cut + " is a JPEG that is truncated");
        assertThatThrownBy(() -> ImageFile.uri(directory, notices::add)).hasMessageEndingWith("is no file");
        assertThatThrownBy(() -> ImageFile.uri(directory.resolve("none.png"), notices::add))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot be read");
    }
}
