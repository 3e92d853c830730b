package io.lowpass.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.video.Fragment.FragmentType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoxSplitterTest {

    @Test
    void boxesAreFoundHoweverTheBytesAreCut() {
        // Given
        ByteBuffer stream = ByteBuffer.allocate(256);
        for (String type : List.of("ftyp", "moov", "moof", "mdat", "moof", "mdat", "mfra")) {
            stream.putInt(16).put(type.getBytes(StandardCharsets.US_ASCII)).putLong(7);
        }
        for (int step : new int[] {1, 3, 16, 50, 112}) {
            BoxSplitter splitter = new BoxSplitter();
            List<Fragment> pieces = new ArrayList<>();
            // When
            for (int at = 0; at < stream.position(); at += step) {
                byte[] bytes = new byte[Math.min(step, stream.position() - at)];
                stream.get(at, bytes);
                splitter.append(bytes);
                pieces.addAll(splitter.take());
            }
            pieces.addAll(splitter.finish());
            // Then
            assertThat(pieces)
                    .extracting(Fragment::kind)
                    .containsExactly(FragmentType.INIT, FragmentType.MEDIA, FragmentType.MEDIA, FragmentType.TRAILER);
            assertThat(pieces).extracting(p -> p.bytes().remaining()).containsExactly(32, 32, 32, 16);
        }
    }

    @Test
    void aBoxWithoutASizeIsAnError() {
        // Given: what a muxer leaves behind that could not go back to the length of its moov
        BoxSplitter splitter = new BoxSplitter();
        splitter.append(new byte[16]);
        // Then
        assertThatThrownBy(splitter::take).hasMessageContaining("box of size 0");
    }

    @Test
    void aStreamThatEndsInsideABoxIsAnError() {
        BoxSplitter splitter = new BoxSplitter();
        splitter.append(ByteBuffer.allocate(12).putInt(0, 16).array());
        assertThatThrownBy(splitter::finish).hasMessageContaining("12 bytes");
    }
}
