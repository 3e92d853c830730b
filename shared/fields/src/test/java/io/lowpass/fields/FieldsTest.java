package io.lowpass.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldsTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final Problems problems = new Problems();

    private Fields fields(String json) throws JsonProcessingException {
        return new Fields("", (ObjectNode) JSON.readTree(json), problems);
    }

    @Test
    void readersGiveValuesOrNothing() throws JsonProcessingException {
        // Given
        Fields fields = fields("{\"n\": 17.0, \"x\": 0.5, \"t\": \"a\", \"b\": true, \"o\": {\"n\": 3}}");
        // Then
        assertThat(fields.integer("n", 1, 20)).hasValue(17);
        assertThat(fields.number("x")).hasValue(0.5);
        assertThat(fields.text("t")).contains("a");
        assertThat(fields.oneOf("t", List.of("a", "b"), "")).contains("a");
        assertThat(fields.flag("b")).contains(true);
        Fields inner = fields.within("o", fields.object("o").orElseThrow());
        assertThat(inner.path("n")).isEqualTo("o.n");
        assertThat(inner.integer("n", 1, 3)).hasValue(3);
        assertThat(fields.integer("none", 1, 2)).isEmpty();
        assertThat(fields.text("none")).isEmpty();
        assertThat(problems.any()).isFalse();
        problems.requireNone("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"many\" | TYPE | f is \"many\", allowed is a whole number from 1 to 9",
                "1.5 | TYPE | f is 1.5, allowed is a whole number from 1 to 9",
                "NaN | NOT_FINITE | f is \"NaN\", allowed is a whole number from 1 to 9",
                "0 | RANGE | f is 0, allowed is a whole number from 1 to 9",
                "99999999999999999999 | RANGE | f is 99999999999999999999, allowed is a whole number from 1 to 9",
                "null | TYPE | f is null, allowed is a whole number from 1 to 9"
            })
    void aWholeNumberThatIsNoneIsNamedWithItsValueAndWhatIsAllowed(String value, String violation, String message)
            throws JsonProcessingException {
        // When
        assertThat(fields("{\"f\": " + value + "}").integer("f", 1, 9)).isEmpty();
        // Then
        assertThat(problems.list()).singleElement().satisfies(problem -> {
            assertThat(problem.violation()).isEqualTo(Violation.valueOf(violation));
            assertThat(problem).hasToString(message);
        });
    }

    @Test
    void everyProblemIsCollectedAndReportedAtOnce() throws JsonProcessingException {
        // Given
        Fields fields = fields(
                "{\"x\": 2, \"t\": 3, \"b\": \"yes\", \"o\": [], \"w\": \"c\", \"long\": \"éé\", \"y\": \"\\ud800\"}");
        // When
        fields.number("x", 0, 1);
        fields.text("t");
        fields.flag("b");
        fields.object("o");
        fields.oneOf("w", List.of("a", "b"), " for this model");
        fields.text("long", 3);
        fields.text("y");
        fields.requirePresent("p", "anything");
        fields.require(false, "x", "less");
        fields.allowOnly(List.of("x", "t", "b", "o", "w", "long"));
        // Then
        assertThatThrownBy(() -> problems.requireNone("settings"))
                .isInstanceOf(InvalidFieldsException.class)
                .hasMessage("settings: x is 2, allowed is a number from 0 to 1; t is 3, allowed is text;"
                        + " b is \"yes\", allowed is true or false; o is [], allowed is an object;"
                        + " w is \"c\", allowed is one of a, b for this model;"
                        + " long is \"éé\", allowed is at most 3 bytes in UTF-8;"
                        + " y is \"\\ud800\", allowed is Unicode text; this has half of a surrogate pair;"
                        + " p is missing, allowed is anything; x is 2, allowed is less;"
                        + " y is \"\\ud800\", allowed is one of x, t, b, o, w, long")
                .satisfies(error -> assertThat(((InvalidFieldsException) error).problems())
                        .extracting(Problem::violation)
                        .contains(Violation.REQUIRED, Violation.UNKNOWN_FIELD, Violation.TOO_LONG));
    }

    @Test
    void ofManyProblemsTheFirstAreKept() {
        // Given
        Problems few = new Problems(1);
        // When
        few.add(Violation.FORM, "a", "x", "y");
        few.add(Violation.FORM, "b", "x", "y");
        // Then
        assertThat(few.list()).extracting(Problem::field).containsExactly("a");
        assertThat(few.count()).isEqualTo(2);
        assertThat(few.list().get(0).text()).isEqualTo("x");
    }

    @Test
    void aNullOfSettingsIsAbsent() {
        // Given
        Map<String, Object> values = new HashMap<>(Map.of("a", 1));
        values.put("b", null);
        // When
        Fields fields = Fields.of("cache", values, problems);
        // Then
        assertThat(fields.has("b")).isFalse();
        assertThat(fields.path("a")).isEqualTo("cache.a");
    }
}
