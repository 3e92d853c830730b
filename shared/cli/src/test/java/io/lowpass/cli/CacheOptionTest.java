package io.lowpass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheOptionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            none          | {"policy":"none"}
            precise:turbo | {"policy":"precise","preset":"turbo"}
            fixed:1       | {"policy":"fixed","steps":[0]}
            fixed:2       | {"policy":"fixed","steps":[0,9]}
            fixed:4       | {"policy":"fixed","steps":[0,3,6,9]}
            fixed:10      | {"policy":"fixed","steps":[0,1,2,3,4,5,6,7,8,9]}
            {"policy": "precise", "alpha": 0.6} | {"policy":"precise","alpha":0.6}
            """)
    void theShortFormsAreSettings(String text, String settings) {
        assertThat(CacheOption.settings(text, 10)).hasToString(settings);
    }

    @Test
    void fixedComputesSoManyDifferentStepsTheFirstAndTheLastAmongThem() {
        // When
        var steps = CacheOption.settings("fixed:25", 50).get("steps");

        // Then
        assertThat(steps).hasSize(25).doesNotHaveDuplicates();
        assertThat(steps.get(0).intValue()).isZero();
        assertThat(steps.get(24).intValue()).isEqualTo(49);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed:0", "fixed:11", "fixed:", "fixed:x", "fixed:99999999999", "{", "{}x", "{\"a\""})
    void whatHasNoneOfTheFormsIsRefused(String text) {
        assertThatThrownBy(() -> CacheOption.settings(text, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'");
    }
}
