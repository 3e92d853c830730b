package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InlineImageTest {

    private static byte[] file(String format) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), format, file);
        return file.toByteArray();
    }

    private static String uri(String type, byte[] file) {
        return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(file);
    }

    /** The same file with other sides in its header: what a bomb looks like before it is decoded. */
    private static byte[] claiming(int width, int height, byte[] png) {
        byte[] bomb = png.clone();
        ByteBuffer header = ByteBuffer.wrap(bomb);
        header.putInt(16, width).putInt(20, height);
        CRC32 sum = new CRC32();
        sum.update(bomb, 12, 17);
        header.putInt(29, (int) sum.getValue());
        return bomb;
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void readsBothFormats(String format) throws IOException {
        // Given
        InlineImage image = InlineImage.of(uri(format, file(format)));
        // When
        RgbImage pixels = image.decode();
        // Then
        assertThat(pixels.width()).isEqualTo(3);
        assertThat(pixels.height()).isEqualTo(2);
        assertThat(EventJson.read(EventJson.text(image), InlineImage.class)).isEqualTo(image);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ball.png",
                "https://example.org/ball.png",
                "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
                "data:image/png;base64,",
                "data:image/png;base64,####",
                "data:image/png;base64,A",
                "data:image/png;base64,QUJD",
                "data:image/jpeg;base64,QUJD",
                "data:image/jpeg;base64,/9j/2Q=="
            })
    void refusesWhatIsNoImage(String uri) {
        // When, Then
        assertThatThrownBy(() -> InlineImage.of(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnImageWhoseTypeIsAnother() throws IOException {
        // Given
        String uri = uri("jpeg", file("png"));
        // When, Then
        assertThatThrownBy(() -> InlineImage.of(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image is declared as image/jpeg, but it is PNG: write data:image/png;base64");
        assertThatThrownBy(() -> InlineImage.of(uri("jpg", file("jpeg"))))
                .hasMessageContaining("declared as image/jpg, but it is JPEG: write data:image/jpeg;base64");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WebP | UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAQAcJaQAA3AA/v3AgAA=",
                "GIF | R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
                "AVIF | AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUI=",
                "HEIC | AAAAGGZ0eXBoZWljAAAAAG1pZjFoZWlj",
                "MP4 or another video | AAAAIGZ0eXBpc29tAAACAGlzb21pc28yYXZjMW1wNDE=",
                "TIFF | SUkqAAgAAAAAAAAAAAAA",
                "BMP | Qk06AAAAAAAAADYAAAAoAAAAAQAA",
                "SVG or other XML | PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=",
                "a web page | PCFET0NUWVBFIGh0bWw+PGh0bWw+",
                "PDF | JVBERi0xLjQKJcfs",
                "a text | aGVsbG8gd29ybGQh"
            })
    void namesWhatIsNoPngOrJpegUnderWhateverTypeItComes(String format, String base64) {
        // When, Then
        for (String type : new String[] {"png", "jpeg", "webp", "x-icon"}) {
            assertThatThrownBy(() -> InlineImage.of("data:image/" + type + ";base64," + base64))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("image is not a PNG or JPEG: it is " + format);
        }
    }

    @Test
    void refusesSidesThatWouldTakeMuchMemoryBeforeDecoding() throws IOException {
        // Given
        byte[] png = file("png");
        // When, Then
        assertThatThrownBy(() -> InlineImage.of(uri("png", claiming(1_000_000, 1, png))))
                .hasMessageContaining("image is 1000000x1, allowed are sides of at most 8192 pixels");
        assertThatThrownBy(() -> InlineImage.of(uri("png", claiming(8192, 8192, png))))
                .hasMessageContaining("16777216 pixels in all");
        assertThatThrownBy(() -> InlineImage.of(uri("png", claiming(4096, 4096, png))))
                .hasMessageContaining("of 50335744 bytes of pixels");
    }

    @Test
    void refusesMoreThanFitsIntoARecord() {
        // Given
        String uri = uri("png", new byte[InlineImage.MAX_LENGTH]);
        // When, Then
        assertThatThrownBy(() -> InlineImage.of(uri))
                .hasMessageContaining("... (800022 characters)")
                .hasMessageContaining("at most 600000 characters");
    }
}
