package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        BufferedImage pixels = image.read((ImageReader reader) -> reader.read(0));
        // Then
        assertThat(pixels.getWidth()).isEqualTo(3);
        assertThat(pixels.getHeight()).isEqualTo(2);
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
        assertThatThrownBy(() -> InlineImage.of(uri)).isInstanceOf(IllegalArgumentException.class);
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
        assertThat(InlineImage.of(uri("png", claiming(4096, 4096, png))).uri()).startsWith("data:image/png");
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
