package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lowpass.fields.Field;
import io.lowpass.fields.FieldTable;
import io.lowpass.fields.Rule;
import io.lowpass.fields.Window;
import io.lowpass.fields.policies.Policy;
import io.lowpass.fields.policies.PolicyTable;
import io.lowpass.testing.ReferencePage;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The pages that explain the fields of a request and the options of caching policies are those of the tables. */
class PagesReferenceTest {

    @Test
    void thePageOfRequestsHasTheTablesFields() throws IOException {
        // When
        String fields = table(RequestFields.TABLE);
        // Then
        assertThat(fields).contains("| `sigmas` |", "| `output.key` |");
        new ReferencePage("REQUEST.md").check(fields);
    }

    @Test
    void thePageOfPoliciesHasTheTablesOptions() throws IOException {
        // When
        String policies = PolicyTable.policies().entrySet().stream()
                .map(policy -> section(policy.getKey(), policy.getValue()))
                .collect(Collectors.joining("\n"));
        // Then
        assertThat(policies).contains("### `precise`", "| `blocks.cachedFraction` |");
        new ReferencePage("POLICIES.md").check(policies);
    }

    private static String section(String name, Policy policy) {
        StringBuilder section = new StringBuilder(
                "### `" + name + "`\n\n" + sentence(policy.about().description()));
        section.append(" At least ")
                .append(policy.about().minSteps())
                .append(policy.about().minSteps() == 1 ? " step.\n" : " steps.\n");
        policy.about()
                .exactlyOne()
                .ifPresent(options -> section.append("\nExactly one of `")
                        .append(String.join("`, `", options))
                        .append("` is needed.\n"));
        if (!policy.presetNames().isEmpty()) {
            section.append("\n| preset | options |\n|---|---|\n");
            policy.presets()
                    .forEach((preset, row) -> section.append("| `%s`%s | %s |\n"
                            .formatted(
                                    preset,
                                    policy.about()
                                                    .defaultPreset()
                                                    .filter(preset::equals)
                                                    .isPresent()
                                            ? " (default)"
                                            : "",
                                    cell(row.note()))));
            if (policy.about().isCalibrated()) {
                section.append("| `calibrated` | those of the model's profile |\n");
            }
        }
        if (!policy.options().names().isEmpty()) {
            section.append("\n").append(table(policy.options()));
        }
        return section.toString();
    }

    private static String table(FieldTable table) {
        boolean units =
                table.fields().values().stream().anyMatch(field -> unit(field).isPresent());
        boolean models = table.fields().values().stream().anyMatch(Field::isOwn);
        String head = "| field | allowed | default |" + (units ? " unit |" : "") + (models ? " for |" : "")
                + " what it is |\n";
        return head
                + "|---".repeat(head.split("\\|").length - 2) + "|\n"
                + table.fields().entrySet().stream()
                        .map(field -> row("", field, units, models))
                        .collect(Collectors.joining());
    }

    private static String row(String prefix, Map.Entry<String, Field> entry, boolean units, boolean models) {
        Field field = entry.getValue();
        String name = prefix + entry.getKey();
        String row = "| `%s` | %s | %s |".formatted(name, cell(allowed(field.rule())), cell(otherwise(field)))
                + (units ? " " + unit(field).orElse("") + " |" : "")
                + (models ? " " + applies(field) + " |" : "")
                + " " + cell(field.about().description()) + " |\n";
        if (field.rule() instanceof Rule.Group group && prefix.isEmpty()) {
            row += group.table().fields().entrySet().stream()
                    .map(inner -> row(name + ".", inner, units, models))
                    .collect(Collectors.joining());
        }
        return row;
    }

    private static Optional<String> unit(Field field) {
        return field.rule() instanceof Window ? Optional.empty() : field.about().unit();
    }

    private static String allowed(Rule rule) {
        return rule instanceof Rule.Choice choice ? "`" + String.join("`, `", choice.words()) + "`" : rule.allowed();
    }

    private static String applies(Field field) {
        return field.about()
                .models()
                .or(() -> field.about().schedulers().map(names -> "`" + String.join("`, `", names) + "`"))
                .orElse("all");
    }

    private static String otherwise(Field field) {
        JsonNode value = field.about().otherwise().orElse(JsonNodeFactory.instance.missingNode());
        String fixed = value.isMissingNode() ? "" : "`" + (value.isTextual() ? value.textValue() : value) + "`";
        String text = field.about().otherwiseText().orElse(fixed);
        String conditional = field.about()
                .otherwiseIf()
                .map(condition -> "; `" + condition.then().asText() + "` with `" + condition.field() + "` `"
                        + condition.is().asText() + "`")
                .orElse("");
        return (text.isEmpty() && field.isRequired() ? "needed" : text) + conditional;
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
