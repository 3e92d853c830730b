package io.lowpass.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.generation.VideoPlan;
import io.lowpass.lab.options.PolicyReader;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.models.families.Families;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteTest {

    private static final Path DEMO = Path.of(System.getProperty("lowpass.root"), "shared", "demo-model");

    @Test
    void entrantsComeOnceUnderTheNameThatTheirSettingsGive() {
        // Given
        Suite suite = Suite.read(Stream.of(
                "# a remark",
                "[table 1]",
                "precise:turbo",
                "",
                "fixed:3",
                "[table 4]",
                "{\"policy\":\"precise\",\"preset\":\"turbo\"}",
                "{\"policy\":\"precise\",\"preset\":\"turbo\",\"blocks\":{\"reuse\":1}}",
                "{\"policy\":\"magcache\",\"ratios\":[1,1,1,1,0.9]}",
                "steps:2@unipc"));

        // When
        List<Entrant> entrants = suite.entrants(5);

        // Then
        assertThat(entrants)
                .extracting(Entrant::name)
                .containsExactly(
                        "none",
                        "precise:turbo",
                        "fixed:3",
                        "precise:turbo blocks.reuse=1",
                        "magcache ratios=" + Digest.of("[1,1,1,1,0.9]"),
                        "steps:2@unipc");
        assertThat(entrants)
                .extracting(Entrant::family)
                .containsExactly("none", "precise", "fixed", "precise", "magcache", "other steps, unipc");
        assertThat(suite.names("table 4", 5)).startsWith("precise:turbo", "precise:turbo blocks.reuse=1");
        assertThat(suite.names("table 3", 5)).isEmpty();
    }

    @Test
    void morePoliciesGoIntoTheFirstTable() {
        // Given
        Suite suite = Suite.of(List.of("precise:base"));

        // When
        Suite more = suite.and(List.of("fixed:2", "precise:base"));

        // Then
        assertThat(more.names(Suite.METHODS, 5)).containsExactly("precise:base", "fixed:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"paper", "brief"})
    void everyPolicyOfAShippedSuiteCanBeReadForTheDemoModel(String name) throws IOException {
        // Given
        Suite suite = Suite.named(name);
        EvaluationConditions conditions = ResultsTest.conditions(50);
        PolicyReader policies = PolicyReader.of(DEMO);
        Map<String, Object> scheduler = Families.open(DEMO).schedulerConfig();
        List<String> warnings = new ArrayList<>();

        // When
        List<VideoPlan> plans = suite.entrants(50).stream()
                .map(entrant -> conditions
                        .video()
                        .plan(
                                entrant.contender(),
                                new Prompt("a ball", 1),
                                policies,
                                scheduler,
                                Precision.F32,
                                warnings::add))
                .toList();

        // Then
        assertThat(plans).hasSizeGreaterThan(20).allMatch(plan -> plan.steps() <= 50);
        assertThat(warnings).isEmpty();
        assertThat(suite.sections()).containsKeys(Suite.METHODS, Suite.SIZES, Suite.REUSE);
    }

    @Test
    void anUnknownSuiteIsRefused() {
        // When, Then
        assertThatThrownBy(() -> Suite.named("../paper"))
                .hasMessage("--suite is '../paper', allowed is paper or brief");
    }
}
