package io.lowpass.storage;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.HttpHeaders;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreconditionsTest {

    private static final Instant MADE = Instant.parse("2026-11-30T06:00:00.5Z");
    private static final String SAME_DATE = "Mon, 30 Nov 2026 06:00:00 GMT";
    private static final String EARLIER = "Mon, 30 Nov 2026 05:59:59 GMT";

    private static Preconditions given(Map<String, List<String>> headers) {
        HttpHeaders sent = (HttpHeaders) Proxy.newProxyInstance(
                HttpHeaders.class.getClassLoader(),
                new Class<?>[] {HttpHeaders.class},
                (proxy, method, arguments) -> {
                    List<String> lines = headers.getOrDefault((String) arguments[0], List.of());
                    return method.getName().equals("getRequestHeader")
                            ? lines
                            : lines.isEmpty() ? null : String.join(",", lines);
                });
        return new Preconditions(sent, "abc", MADE);
    }

    private static Preconditions given(String name, String... lines) {
        return given(Map.of(name, List.of(lines)));
    }

    @Test
    void nothingIsAskedForWithoutHeaders() {
        // Given
        Preconditions none = given(Map.of());
        // Then
        assertThat(none.isFailed()).isFalse();
        assertThat(none.isNotModified()).isFalse();
        assertThat(none.range()).isEmpty();
    }

    @Test
    void ifMatchWantsExactlyThisVideo() {
        assertThat(given("If-Match", "\"abc\"").isFailed()).isFalse();
        assertThat(given("If-Match", "\"x\"", "\"y\", \"abc\"").isFailed()).isFalse();
        assertThat(given("If-Match", "*").isFailed()).isFalse();
        assertThat(given("If-Match", "\"x\"").isFailed()).isTrue();
        assertThat(given("If-Match", "W/\"abc\"").isFailed()).isTrue();
    }

    @Test
    void ifNoneMatchComparesWeakly() {
        assertThat(given("If-None-Match", "W/\"abc\"").isNotModified()).isTrue();
        assertThat(given("If-None-Match", " * ").isNotModified()).isTrue();
        assertThat(given("If-None-Match", "\"x\"").isNotModified()).isFalse();
    }

    @Test
    void aTagWinsOverADate() {
        // Given
        Map<String, List<String>> changed =
                Map.of("If-None-Match", List.of("\"x\""), "If-Modified-Since", List.of(SAME_DATE));
        Map<String, List<String>> same = Map.of("If-Match", List.of("\"abc\""), "If-Unmodified-Since", List.of(EARLIER));
        // Then
        assertThat(given(changed).isNotModified()).isFalse();
        assertThat(given(same).isFailed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {SAME_DATE, "Monday, 30-Nov-26 06:00:00 GMT", "Mon Nov 30 06:00:00 2026"})
    void datesAreUnderstoodInAllThreeForms(String date) {
        assertThat(given("If-Modified-Since", date).isNotModified()).isTrue();
        assertThat(given("If-Unmodified-Since", date).isFailed()).isFalse();
    }

    @Test
    void anEarlierDateMeansAnotherVideoAndNonsenseMeansNothing() {
        assertThat(given("If-Modified-Since", EARLIER).isNotModified()).isFalse();
        assertThat(given("If-Unmodified-Since", EARLIER).isFailed()).isTrue();
        assertThat(given("If-Unmodified-Since", "yesterday").isFailed()).isFalse();
        assertThat(given("If-Modified-Since", "").isNotModified()).isFalse();
    }

    @Test
    void aRangeIsForTheVideoThatIfRangeNames() {
        assertThat(given("Range", "bytes=0-1").range()).isEqualTo("bytes=0-1");
        for (String same : List.of("\"abc\"", SAME_DATE)) {
            assertThat(given(Map.of("Range", List.of("bytes=0-1"), "If-Range", List.of(same)))
                            .range())
                    .isEqualTo("bytes=0-1");
        }
        for (String other : List.of("\"x\"", "W/\"abc\"", EARLIER)) {
            assertThat(given(Map.of("Range", List.of("bytes=0-1"), "If-Range", List.of(other)))
                            .range())
                    .as(other)
                    .isEmpty();
        }
    }

    @Test
    void aDateIsSentInTheOneFormThatIsSent() {
        assertThat(Preconditions.text(MADE)).isEqualTo(SAME_DATE);
    }
}
