package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestOutcome;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.fields.Field;
import io.lowpass.fields.InvalidFieldsException;
import io.lowpass.fields.Items;
import io.lowpass.fields.Rule;
import io.lowpass.fields.Window;
import io.lowpass.fields.policies.Policy;
import io.lowpass.fields.policies.PolicyTable;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The only module that sees both what intake takes and what policies can be made of: every option, at its bounds. */
class CachePoliciesAgreeTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final RequestValidation INTAKE =
            new RequestValidation(ModelCatalogue.SHIPPED, "videos", Clock.systemUTC(), new Random(1));

    static Stream<Arguments> options() {
        return PolicyTable.policies().entrySet().stream()
                .flatMap(policy -> policy.getValue().options().names().stream()
                        .map(option -> Arguments.of(policy.getKey(), option)));
    }

    static Stream<Arguments> presets() {
        return PolicyTable.policies().entrySet().stream()
                .flatMap(policy -> policy.getValue().presets().keySet().stream()
                        .map(preset -> Arguments.of(policy.getKey(), preset)));
    }

    @Test
    void everyPolicyOfTheTableCanBeMadeAndNoOther() {
        assertThat(CachePolicies.names())
                .containsExactlyInAnyOrderElementsOf(PolicyTable.policies().keySet());
    }

    @ParameterizedTest
    @MethodSource("presets")
    void everyPresetIsTakenAndMade(String name, String preset) {
        // Given
        ObjectNode cache = JSON.objectNode().put("preset", preset);
        // Then
        assertThat(refused(name, cache)).isEmpty();
        assertThatCode(() -> make(name, cache)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionIsTakenAndMadeAtItsDefaultAndAtItsBounds(String name, String option) {
        // Given
        Policy policy = PolicyTable.policies().get(name);
        Field field = policy.options().get(option);
        // Then
        Stream.concat(field.about().otherwise().stream(), bounds(field.rule())).forEach(value -> {
            ObjectNode cache = beside(policy, option);
            cache.set(option, value);
            assertThat(refused(name, cache)).as("%s", cache).isEmpty();
            assertThatCode(() -> make(name, cache)).as("%s", cache).doesNotThrowAnyException();
        });
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionIsRefusedByNameJustBeyondItsBounds(String name, String option) {
        // Given
        Policy policy = PolicyTable.policies().get(name);
        // Then
        beyond(policy.options().get(option).rule()).forEach(value -> {
            ObjectNode cache = beside(policy, option);
            cache.set(option, value);
            assertThat(refused(name, cache))
                    .as("%s", cache)
                    .anySatisfy(error -> assertThat(error.field()).startsWith("cache." + option));
            assertThatThrownBy(() -> make(name, cache))
                    .as("%s", cache)
                    .isInstanceOf(InvalidFieldsException.class)
                    .hasMessageContaining("cache." + option);
        });
    }

    /** What the option cannot do without. */
    private static ObjectNode beside(Policy policy, String option) {
        ObjectNode cache = JSON.objectNode();
        policy.options().fields().forEach((name, field) -> {
            if (field.isRequired()) {
                cache.set(name, bounds(field.rule()).findFirst().orElseThrow());
            }
        });
        String other = policy.about().needs().orElse(Map.of()).get(option);
        if (other != null) {
            cache.set(
                    other,
                    bounds(policy.options().get(other).rule()).findFirst().orElseThrow());
        }
        policy.about().below().orElse(Map.of()).values().forEach(most -> cache.put(most, 1000));
        return cache;
    }

    private static Stream<JsonNode> bounds(Rule rule) {
        if (rule instanceof Rule.Finite number) {
            return Stream.of(JSON.numberNode(number.least()), JSON.numberNode(number.most()));
        }
        if (rule instanceof Rule.Whole number) {
            return Stream.of(JSON.numberNode(number.min()), JSON.numberNode(number.max()));
        }
        if (rule instanceof Rule.Choice choice) {
            return choice.words().stream().map(JSON::textNode);
        }
        if (rule instanceof Items list) {
            return Stream.of(list(list, list.minItems()), list(list, list.maxItems()));
        }
        if (rule instanceof Window) {
            return Stream.of(
                    JSON.arrayNode().add(-1).add(1), JSON.arrayNode().add(999).add(1001));
        }
        if (rule instanceof Rule.Group group) {
            return group.table().fields().entrySet().stream()
                    .flatMap(
                            inner -> bounds(inner.getValue().rule()).map(value -> group(group, inner.getKey(), value)));
        }
        return Stream.of(JSON.booleanNode(true), JSON.booleanNode(false));
    }

    private static Stream<JsonNode> beyond(Rule rule) {
        if (rule instanceof Rule.Finite number) {
            return Stream.of(
                    JSON.numberNode(Math.nextDown(number.least())), JSON.numberNode(Math.nextUp(number.most())));
        }
        if (rule instanceof Rule.Whole number) {
            return Stream.of(JSON.numberNode(number.min() - 1), JSON.numberNode(number.max() + 1));
        }
        if (rule instanceof Items list) {
            return Stream.concat(
                    Stream.of(list(list, list.minItems() - 1), list(list, list.maxItems() + 1)),
                    beyond(list.items()).map(item -> list(list, list.minItems()).add(item)));
        }
        if (rule instanceof Window) {
            return Stream.of(
                    JSON.arrayNode().add(2).add(1), JSON.arrayNode().add(0.2).add(0.8), JSON.arrayNode());
        }
        if (rule instanceof Rule.Group group) {
            return group.table().fields().entrySet().stream()
                    .flatMap(
                            inner -> beyond(inner.getValue().rule()).map(value -> group(group, inner.getKey(), value)));
        }
        return Stream.of(JSON.textNode("another"), JSON.numberNode(7));
    }

    private static ArrayNode list(Items rule, int size) {
        JsonNode item = rule.contains()
                .<JsonNode>map(JSON::numberNode)
                .orElseGet(() -> bounds(rule.items()).findFirst().orElseThrow());
        ArrayNode list = JSON.arrayNode();
        IntStream.range(0, size)
                .forEach(i -> list.add(
                        i == 0 ? rule.first().<JsonNode>map(JSON::numberNode).orElse(item) : item));
        return list;
    }

    private static ObjectNode group(Rule.Group group, String option, JsonNode value) {
        ObjectNode object = JSON.objectNode();
        group.table().fields().forEach((name, field) -> {
            if (field.isRequired()) {
                object.set(name, bounds(field.rule()).findFirst().orElseThrow());
            }
        });
        object.set(option, value);
        return object;
    }

    /** What intake has against the options; that they do not fit a number of steps is another matter. */
    private static List<FieldError> refused(String name, ObjectNode cache) {
        ObjectNode request = JSON.objectNode().put("prompt", "a").put("steps", 1000);
        request.set("cache", cache.deepCopy().put("policy", name));
        RequestOutcome outcome =
                INTAKE.decide(Optional.empty(), request.toString().getBytes(StandardCharsets.UTF_8));
        return outcome instanceof RequestOutcome.Refused refused
                ? refused.errors().stream()
                        .filter(error -> error.field().startsWith("cache"))
                        .toList()
                : List.of();
    }

    private static void make(String name, ObjectNode cache) {
        Map<String, Object> options =
                new TreeMap<>(new ObjectMapper().convertValue(cache, new TypeReference<Map<String, Object>>() {}));
        Object preset = options.remove("preset");
        CachePolicies.of(name, Optional.ofNullable(preset).map(String::valueOf), options);
    }
}
