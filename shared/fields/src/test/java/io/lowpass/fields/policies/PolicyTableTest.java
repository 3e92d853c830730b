package io.lowpass.fields.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.fields.Field;
import io.lowpass.fields.FieldTable;
import io.lowpass.fields.Fields;
import io.lowpass.fields.Problem;
import io.lowpass.fields.Problems;
import io.lowpass.fields.Rule;
import io.lowpass.fields.policies.PolicyTable.Chosen;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyTableTest {

    private final Problems problems = new Problems();

    private Optional<Chosen> read(Map<String, Object> cache, boolean isWhole) {
        return PolicyTable.read(Fields.of("cache", cache, problems), isWhole);
    }

    @Test
    void aPresetIsRefinedAndCompleted() {
        // When
        Chosen flash = read(Map.of("policy", "precise", "preset", "flash", "warmUp", 5), true)
                .orElseThrow();
        Chosen base = read(Map.of("policy", "precise"), true).orElseThrow();
        // Then
        assertThat(flash.values().number("alpha")).isEqualTo(0.7);
        assertThat(flash.values().integer("warmUp")).isEqualTo(5);
        assertThat(flash.values().group("blocks").orElseThrow().number("cachedFraction"))
                .isEqualTo(0.4);
        assertThat(base.preset()).contains("base");
        assertThat(base.values().group("blocks")).isEmpty();
    }

    @Test
    void aConstantOfAModelMayBeLeftToItsProfileUntilThePolicyIsMade() {
        assertThat(read(Map.of("policy", "teacache"), false)).isPresent();
        assertThat(read(Map.of("policy", "precise", "preset", "calibrated"), false))
                .isPresent();
        assertThat(problems.any()).isFalse();
        assertThat(read(Map.of("policy", "teacache"), true)).isEmpty();
        assertThat(problems.list())
                .extracting(Problem::toString)
                .singleElement()
                .asString()
                .startsWith("cache.coefficients is missing");
    }

    @Test
    void whatIsUnknownOrDoesNotGoTogetherIsNamed() {
        // When
        read(Map.of(), false);
        read(Map.of("policy", "teleport"), false);
        read(Map.of("policy", "none", "preset", "base"), false);
        read(Map.of("policy", "fixed"), false);
        read(Map.of("policy", "dbcache", "maskPolicy", "static"), false);
        read(Map.of("policy", "fastercache", "unconditionalPhase", 5), false);
        read(Map.of("policy", "precise", "accumulation", "consecutive", "reference", "cached"), false);
        read(Map.of("policy", "pab", "preset", "cogvideox", "windowUnit", "stepFraction"), false);
        // Then
        assertThat(problems.list())
                .extracting(Problem::field)
                .containsExactly(
                        "cache.policy",
                        "cache.policy",
                        "cache.preset",
                        "cache.steps",
                        "cache.maskPolicy",
                        "cache.unconditionalPhase",
                        "cache.reference",
                        "cache.windowUnit");
    }

    @Test
    void stepsOfWhichNoneCouldBeLeftOutAreNamed() {
        // Given
        Fields request = Fields.of("", Map.of("steps", 9), problems);
        // When
        for (Map<String, Object> cache : List.<Map<String, Object>>of(
                Map.of("policy", "precise", "warmUp", 9),
                Map.of("policy", "easycache"),
                Map.of("policy", "fixed", "steps", List.of(0, 9)),
                Map.of("policy", "dbcache", "computeMask", List.of(1, 0, 1, 0, 1, 0, 1, 0, 1, 0)))) {
            PolicyTable.checkSteps(request, read(cache, false).orElseThrow(), 9);
        }
        PolicyTable.checkSteps(request, read(Map.of("policy", "precise"), false).orElseThrow(), 8);
        // Then
        assertThat(problems.list())
                .extracting(Problem::allowed)
                .containsExactly(
                        "more than cache.warmUp, which is 9",
                        "more than cache.warmUp, which is 10",
                        "more than the largest of cache.steps",
                        "as many as cache.computeMask has values, which is 10",
                        "9 or more with cache.policy precise: of fewer, none can be left out");
    }

    @Test
    void everyOptionIsDescribedAndHasADefaultOrSaysWhatHoldsWithout() {
        PolicyTable.policies().values().forEach(policy -> {
            assertThat(policy.about().description()).isNotEmpty();
            requireDescribed(policy.options(), policy.about().exactlyOne().orElse(List.of()));
        });
    }

    private static void requireDescribed(FieldTable table, List<String> alternatives) {
        table.fields().forEach((name, field) -> {
            assertThat(field.about().description()).as(name).isNotEmpty();
            assertThat(hasDefault(field) || field.isRequired() || alternatives.contains(name))
                    .as(name)
                    .isTrue();
            if (field.rule() instanceof Rule.Group group) {
                requireDescribed(group.table(), List.of());
            }
        });
    }

    private static boolean hasDefault(Field field) {
        return field.about().otherwise().isPresent()
                || field.about().otherwiseText().isPresent();
    }
}
