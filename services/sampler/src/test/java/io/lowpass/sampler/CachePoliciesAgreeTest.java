package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.caching.settings.InvalidCacheSettingsException;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestOutcome;
import io.lowpass.contracts.request.RequestValidation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The only module that sees both what requests may name and what can be made of it. */
class CachePoliciesAgreeTest {

    private static final Pattern KNOWN = Pattern.compile("an option here \\((.*)\\)");

    static Stream<String> methods() {
        return CachePolicies.names().stream();
    }

    @Test
    void everyMethodThatARequestMayNameCanBeMadeAndTheOtherWayRound() {
        assertThat(io.lowpass.contracts.request.CachePolicies.names())
                .containsExactlyInAnyOrderElementsOf(CachePolicies.names());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void presetsAndOptionsAreTheSameOnBothSides(String method) throws IOException {
        // Given
        JsonNode row = table().get(method);
        // When, Then
        // What was measured on a model is read from its profiles, not here.
        assertThat(strings(row.get("presets")))
                .filteredOn(preset -> !preset.equals("calibrated"))
                .containsExactlyInAnyOrderElementsOf(CachePolicies.presets(method));
        assertThat(known(method, Map.of("nonsense", 1), "cache.nonsense"))
                .containsExactlyInAnyOrderElementsOf(names(row.get("options")));
        for (var option : row.get("options").properties()) {
            if (option.getValue().path("type").asText().equals("object")) {
                assertThat(known(
                                method,
                                Map.of(option.getKey(), Map.of("nonsense", 1)),
                                "cache." + option.getKey() + ".nonsense"))
                        .containsExactlyInAnyOrderElementsOf(
                                names(option.getValue().get("options")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whatARequestMayChooseFromIsKnown(String method) throws IOException {
        for (var option : table().get(method).get("options").properties()) {
            for (String word : strings(option.getValue().path("allowed"))) {
                // When
                InvalidCacheSettingsException refused = catchThrowableOfType(
                        InvalidCacheSettingsException.class,
                        () -> CachePolicies.of(method, Optional.empty(), new TreeMap<>(Map.of(option.getKey(), word))));
                // Then
                assertThat(Stream.ofNullable(refused).flatMap(wrong -> wrong.problems().stream()))
                        .extracting(InvalidCacheSettingsException.Problem::value)
                        .doesNotContain(word);
            }
        }
    }

    /** Options without which some others are not looked at, or refused for another reason. */
    private static final Map<String, Map<String, Object>> BESIDE = Map.of(
            "teacache", Map.of("coefficients", List.of(1.0)),
            "magcache", Map.of("ratios", List.of(1.0)),
            "fastercache", Map.of("attentionEvery", 1000, "unconditionalEvery", 1000));

    @ParameterizedTest
    @MethodSource("methods")
    void whatARequestMayAskForAtItsBoundsCanBeMadeAndNothingBelow(String method) throws IOException {
        for (var option : table().get(method).get("options").properties()) {
            JsonNode rule = option.getValue();
            if (!rule.has("max") || !rule.has("min")) {
                continue;
            }
            boolean whole = rule.get("type").asText().equals("integer");
            double min = rule.get("min").asDouble();
            double max = rule.get("max").asDouble();
            double least = rule.path("minExcluded").asBoolean() ? Math.nextUp(min) : min;
            double most = rule.path("maxExcluded").asBoolean() ? Math.nextDown(max) : max;
            double below = whole ? least - 1 : Math.nextDown(least);
            double above = whole ? most + 1 : Math.nextUp(most);
            String name = option.getKey();
            // When, Then
            assertThat(List.of(takes(method, name, least, whole), takes(method, name, most, whole)))
                    .as(method + " " + name + " at its bounds")
                    .containsOnly(true);
            assertThat(makes(method, name, least, whole) && makes(method, name, most, whole))
                    .as(method + " " + name + " at its bounds")
                    .isTrue();
            assertThat(takes(method, name, below, whole) || takes(method, name, above, whole))
                    .as(method + " " + name + " beyond its bounds")
                    .isFalse();
            assertThat(makes(method, name, below, whole))
                    .as(method + " " + name + " below its bounds")
                    .isFalse();
        }
    }

    private static Map<String, Object> options(String method, String name, double value, boolean whole) {
        Map<String, Object> options = new TreeMap<>(BESIDE.getOrDefault(method, Map.of()));
        Object number = whole ? Long.valueOf((long) value) : Double.valueOf(value);
        options.put(name, number);
        return options;
    }

    /** Whether intake has nothing against the option. */
    private static boolean takes(String method, String name, double value, boolean whole) throws IOException {
        Map<String, Object> cache = options(method, name, value, whole);
        cache.put("policy", method);
        byte[] request = new ObjectMapper().writeValueAsBytes(Map.of("prompt", "a", "steps", 1000, "cache", cache));
        RequestValidation intake =
                new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.systemUTC(), new Random(1));
        return !(intake.decide(Optional.empty(), request) instanceof RequestOutcome.Refused refused)
                || refused.errors().stream().noneMatch(error -> error.field().equals("cache." + name));
    }

    /** Whether the method has nothing against the option. */
    private static boolean makes(String method, String name, double value, boolean whole) {
        InvalidCacheSettingsException refused = catchThrowableOfType(
                InvalidCacheSettingsException.class,
                () -> CachePolicies.of(method, Optional.empty(), options(method, name, value, whole)));
        return Stream.ofNullable(refused)
                .flatMap(wrong -> wrong.problems().stream())
                .noneMatch(problem -> problem.field().equals("cache." + name));
    }

    /** The options that a method names when it refuses one. */
    private static List<String> known(String method, Map<String, Object> options, String field) {
        InvalidCacheSettingsException refused = catchThrowableOfType(
                InvalidCacheSettingsException.class, () -> CachePolicies.of(method, Optional.empty(), options));
        String allowed = refused.problems().stream()
                .filter(problem -> problem.field().equals(field))
                .map(InvalidCacheSettingsException.Problem::allowed)
                .findFirst()
                .orElseThrow();
        Matcher matcher = KNOWN.matcher(allowed);
        assertThat(matcher.matches()).as(allowed).isTrue();
        return Arrays.stream(matcher.group(1).split(", ", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static TreeSet<String> names(JsonNode options) {
        TreeSet<String> names = new TreeSet<>();
        options.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> strings(JsonNode list) {
        return java.util.stream.StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode table() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                io.lowpass.contracts.request.CachePolicies.class.getResourceAsStream("cache-policies.json"))) {
            return new ObjectMapper().readTree(file);
        }
    }
}
