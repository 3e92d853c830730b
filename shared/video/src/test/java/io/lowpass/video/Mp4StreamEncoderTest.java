package io.lowpass.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.video.Fragment.FragmentType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Mp4StreamEncoderTest {

    private static final Map<String, String> METADATA = Map.of(
            "prompt", "a \"red\" ball — 猫 🎈\nover a field", "seed", "42", "model", "demo", "guidance_scale", "5.0");
    private static final VideoFormat SMALL = VideoFormat.of(128, 96, 8, METADATA);

    @Test
    void eachLatentFrameBecomesAFragmentAsSoonAsItIsComplete() {
        // Given
        List<List<FragmentType>> kinds = new ArrayList<>();
        try (Mp4StreamEncoder encoder = new Mp4StreamEncoder(H264.OPENH264, SMALL)) {
            // When: one frame, then four a latent frame
            kinds.add(kinds(encoder.start()));
            for (int[] range : new int[][] {{0, 1}, {1, 5}, {5, 9}}) {
                IntStream.range(range[0], range[1]).forEach(t -> encoder.write(MovingPicture.frame(128, 96, t)));
                kinds.add(kinds(encoder.cut()));
            }
            kinds.add(kinds(encoder.finish()));
        }
        // Then
        assertThat(kinds)
                .containsExactly(
                        List.of(FragmentType.INIT),
                        List.of(FragmentType.MEDIA),
                        List.of(FragmentType.MEDIA),
                        List.of(FragmentType.MEDIA),
                        List.of(FragmentType.TRAILER));
    }

    @Test
    void theFileReadsBackWithItsFramesRateColoursAndMetadata() {
        // When
        VideoFile video = VideoFile.of(encode(SMALL, 17));
        // Then
        assertThat(video.codec()).isEqualTo("h264");
        assertThat(video.fps()).isEqualTo(8);
        assertThat(video.start()).isZero();
        assertThat(video.colours()).isEqualTo("bt709/bt709/bt709/tv");
        assertThat(video.metadata()).containsAllEntriesOf(METADATA);
        assertThat(video.frames()).hasSize(17);
        for (int t = 0; t < 17; t++) {
            byte[] source = MovingPicture.frame(128, 96, t).array();
            // Half the chroma is not stored: the sharp edges of the bars cost most.
            assertThat(psnr(source, video.frames().get(t))).isGreaterThan(30);
        }
    }

    @Test
    void flatColoursKeepTheirValues() {
        // Given
        VideoFormat format = VideoFormat.of(64, 64, 4, Map.of());
        for (int[] colour : new int[][] {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {200, 120, 40}, {255, 255, 255}}) {
            ByteBuffer frame = ByteBuffer.allocateDirect(format.frameBytes());
            while (frame.hasRemaining()) {
                frame.put((byte) colour[frame.position() % 3]);
            }
            frame.flip();
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            try (Mp4StreamEncoder encoder = new Mp4StreamEncoder(H264.best(), format)) {
                encoder.start().forEach(f -> add(file, f));
                // When
                encoder.write(frame);
                encoder.finish().forEach(f -> add(file, f));
            }
            // Then
            byte[] middle = VideoFile.of(file.toByteArray()).frames().get(0);
            int at = (32 * 64 + 32) * 3;
            for (int channel = 0; channel < 3; channel++) {
                assertThat(middle[at + channel] & 255).isBetween(colour[channel] - 4, colour[channel] + 4);
            }
        }
    }

    @Test
    void equalFramesGiveEqualBytesEvenSideBySide() throws Exception {
        // Given
        byte[] expected = encode(SMALL, 9);
        ExecutorService threads = Executors.newFixedThreadPool(12);
        // When: more at once than JavaCPP has callback slots
        List<Future<byte[]>> files = threads.invokeAll(IntStream.range(0, 24)
                .mapToObj(i -> (Callable<byte[]>) () -> encode(SMALL, 9))
                .toList());
        threads.shutdown();
        // Then
        for (Future<byte[]> file : files) {
            assertThat(file.get()).isEqualTo(expected);
        }
    }

    @Test
    void aLongPromptFitsTheHeader() {
        // Given
        String prompt = "猫".repeat(VideoFormat.MOST_METADATA - "prompt".length());
        // When
        byte[] file = encode(VideoFormat.of(64, 64, 8, Map.of("prompt", prompt)), 1);
        // Then
        assertThat(VideoFile.of(file).metadata()).containsEntry("prompt", prompt);
    }

    @Test
    void whateverTextARequestMayHaveIsInTheFileAsItIs() {
        // Given: controls but NUL, a byte order mark, what turns the direction, emoji, what is no character
        String controls =
                IntStream.rangeClosed(1, 0x9f).mapToObj(Character::toString).collect(Collectors.joining());
        String prompt = "\ufeff" + controls + "\u202e\u2066\u200b\ud83c\udf0a\ud83d\udd25\uffff\ufffe\u2028";
        // When
        byte[] file = encode(VideoFormat.of(64, 64, 8, Map.of("prompt", prompt)), 1);
        // Then
        assertThat(VideoFile.of(file).metadata()).containsEntry("prompt", prompt);
    }

    @Test
    void twoHundredEncodersLeaveNothingBehind() throws IOException {
        // Given
        VideoFormat format = VideoFormat.of(640, 352, 8, Map.of());
        IntStream.range(0, 20).forEach(i -> encode(format, 1));
        long before = nativeMebibytes();
        // When
        IntStream.range(0, 200).forEach(i -> encode(format, 1));
        // Then: unclosed, each would hold several MiB
        assertThat(nativeMebibytes() - before).isLessThan(100);
    }

    @Test
    void badCallsAreRefusedBeforeNativeCodeSeesThem() {
        try (Mp4StreamEncoder encoder = new Mp4StreamEncoder(H264.OPENH264, SMALL)) {
            ByteBuffer frame = MovingPicture.frame(128, 96, 0);
            assertThatThrownBy(() -> encoder.write(frame)).isInstanceOf(IllegalStateException.class);
            encoder.start();
            assertThatThrownBy(encoder::finish).hasMessageContaining("no frame");
            assertThatThrownBy(() -> encoder.write(ByteBuffer.allocate(100)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("100 bytes")
                    .hasMessageContaining("36864");
            assertThatThrownBy(() -> encoder.write(ByteBuffer.allocate(36864 * 3 / 2)))
                    .isInstanceOf(IllegalArgumentException.class);
            encoder.write(frame);
            assertThat(frame.remaining()).isEqualTo(36864);
            encoder.finish();
            assertThatThrownBy(() -> encoder.write(frame)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClosedEncoderStaysClosed() {
        // Given
        Mp4StreamEncoder encoder = new Mp4StreamEncoder(H264.OPENH264, SMALL);
        encoder.start();
        // When
        encoder.close();
        encoder.close();
        // Then
        assertThatThrownBy(encoder::cut).isInstanceOf(IllegalStateException.class);
    }

    private static byte[] encode(VideoFormat format, int frames) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (Mp4StreamEncoder encoder = new Mp4StreamEncoder(H264.best(), format)) {
            encoder.start().forEach(f -> add(file, f));
            for (int t = 0; t < frames; t++) {
                encoder.write(MovingPicture.frame(format.width(), format.height(), t));
                if (t % 4 == 0) {
                    encoder.cut().forEach(f -> add(file, f));
                }
            }
            encoder.finish().forEach(f -> add(file, f));
        }
        return file.toByteArray();
    }

    private static void add(ByteArrayOutputStream file, Fragment fragment) {
        file.writeBytes(fragment.bytes().array());
    }

    private static List<FragmentType> kinds(List<Fragment> fragments) {
        return fragments.stream().map(Fragment::kind).toList();
    }

    private static long nativeMebibytes() throws IOException {
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
        return resident / 1024 - heap / (1 << 20);
    }

    /** Peak signal-to-noise ratio of two 8-bit pictures in dB. */
    private static double psnr(byte[] first, byte[] second) {
        double squares = 0;
        for (int i = 0; i < first.length; i++) {
            double difference = (first[i] & 255) - (second[i] & 255);
            squares += difference * difference;
        }
        return 10 * Math.log10(255.0 * 255 * first.length / squares);
    }
}
