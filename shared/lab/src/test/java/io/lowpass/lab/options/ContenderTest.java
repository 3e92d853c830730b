package io.lowpass.lab.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.cli.CacheOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContenderTest {

    @Test
    void fewerStepsAreTheUncachedModelUnderAScheduler() {
        // When
        Contender unipc = Contender.of("steps:25@unipc", 50);
        Contender own = Contender.of("steps:12", 50);
        // Then
        assertThat(unipc.steps()).isEqualTo(25);
        assertThat(unipc.scheduler()).contains("unipc");
        assertThat(unipc.cache()).hasToString("{\"policy\":\"none\"}");
        assertThat(unipc.label()).isEqualTo("steps:25@unipc");
        assertThat(unipc.isControl()).isTrue();
        assertThat(own.steps()).isEqualTo(12);
        assertThat(own.scheduler()).isEmpty();
        assertThat(Contender.of("steps:8@dpm++", 50).scheduler()).contains("dpm++");
        assertThat(Contender.of("steps:8@ddim", 50).scheduler()).contains("ddim");
    }

    @Test
    void anythingElseIsACachePolicyOverTheStepsOfTheComparison() {
        // When
        Contender fixed = Contender.of("fixed:2", 50);
        // Then
        assertThat(fixed.steps()).isEqualTo(50);
        assertThat(fixed.scheduler()).isEmpty();
        assertThat(fixed.cache()).isEqualTo(CacheOption.settings("fixed:2", 50));
        assertThat(fixed.isControl()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps:", "steps:0", "steps:25@heun", "steps:x", "steps:10000", "steps:25@"})
    void whatIsNoControlIsRefusedByItsText(String text) {
        assertThatThrownBy(() -> Contender.of(text, 50))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("dpm++");
    }

    @Test
    void aListIsSplitAtCommasOutsideBraces() {
        // Given
        String list = "none, {\"policy\":\"precise\",\"blocks\":{\"reuse\":1,\"sets\":\"shared\"},\"alpha\":1},"
                + "{\"policy\":\"fixed\",\"steps\":[0,2]},,steps:25@unipc";

        // When, Then
        assertThat(Contender.split(list))
                .containsExactly(
                        "none",
                        "{\"policy\":\"precise\",\"blocks\":{\"reuse\":1,\"sets\":\"shared\"},\"alpha\":1}",
                        "{\"policy\":\"fixed\",\"steps\":[0,2]}",
                        "steps:25@unipc");
    }
}
