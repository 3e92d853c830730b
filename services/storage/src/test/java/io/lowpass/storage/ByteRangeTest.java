package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-,      0, 100, bytes 0-99/100",
        "bytes=10-19,  10,  10, bytes 10-19/100",
        "bytes=90-500, 90,  10, bytes 90-99/100",
        "bytes=-7,     93,   7, bytes 93-99/100",
        "bytes=-500,    0, 100, bytes 0-99/100",
        "Bytes=0-0,     0,   1, bytes 0-0/100",
        "bytes=0-99999999999999999999, 0, 100, bytes 0-99/100",
        "'bytes= ,5-6 ,', 5,   2, bytes 5-6/100"
    })
    void aRangeIsCutToTheObject(String header, long first, long length, String contentRange) {
        assertThat(ByteRange.of(header, 100)).hasValueSatisfying(range -> {
            assertThat(range).isEqualTo(new ByteRange(first, length));
            assertThat(range.contentRange(100)).isEqualTo(contentRange);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bytes=", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=7-3", "bytes=a-b", "bytes=1-2-3"})
    void whatIsNoSingleRangeOfBytesMeansTheWhole(String header) {
        assertThat(ByteRange.of(header, 100)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-"})
    void aRangeWithoutAByteIsRefused(String header) {
        assertThatThrownBy(() -> ByteRange.of(header, 100)).isInstanceOf(IllegalArgumentException.class);
    }
}
