package io.lowpass.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.RequestFields;
import io.lowpass.fields.Field;
import io.lowpass.fields.Items;
import io.lowpass.fields.Rule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The options of commands that set fields of a request: names and help are those of the table of request fields. */
public final class FieldOptions {

    private static final String DASHES = "--";

    private FieldOptions() {}

    /** The fields that an option sets, with its name, or with the label of an argument that has no name. */
    public static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        RequestFields.TABLE
                .fields()
                .forEach((name, field) -> field.about().option().ifPresent(option -> names.put(name, option)));
        return names;
    }

    /** Adds an option for each field. */
    public static CommandSpec addTo(CommandSpec command, Collection<String> fields) {
        fields.forEach(name -> {
            Field field = RequestFields.TABLE.get(name);
            String option = option(name);
            if (option.startsWith(DASHES)) {
                command.addOption(option(option, field));
            } else {
                command.addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .paramLabel(option)
                        .type(String.class)
                        .description(help(field))
                        .build());
            }
        });
        return command;
    }

    private static OptionSpec option(String option, Field field) {
        OptionSpec.Builder builder = OptionSpec.builder(option).description(help(field));
        if (field.rule() instanceof Rule.Flag) {
            return builder.arity("0..1")
                    .type(Boolean.class)
                    .fallbackValue("true")
                    .build();
        }
        return builder.paramLabel(field.about().label().orElse("TEXT"))
                .type(String.class)
                .build();
    }

    /** Description, the models that have a use for it, and the default; picocli takes a single percent sign for a format. */
    private static String help(Field field) {
        String more = Stream.of(
                        field.about().models(),
                        field.about().schedulers().map(names -> "schedulers " + String.join(", ", names)),
                        field.about().otherwiseText().map(text -> "default: " + text))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        String help = field.about().description() + (more.isEmpty() ? "" : " (" + more + ")");
        return help.replace("%", "%%");
    }

    /** What the command line says of each field, as text; nothing of those that it does not name. */
    public static Map<String, String> given(CommandSpec command, Collection<String> fields) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String name : fields) {
            Object value = argument(command, option(name)).getValue();
            if (value != null) {
                given.put(name, String.valueOf(value));
            }
        }
        return given;
    }

    private static ArgSpec argument(CommandSpec command, String option) {
        return option.startsWith(DASHES)
                ? Objects.requireNonNull(command.findOption(option))
                : command.positionalParameters().get(0);
    }

    private static String option(String field) {
        return RequestFields.TABLE.get(field).about().option().orElseThrow();
    }

    /**
     * The value of a field as a request has it. What is no value of the field's type stays text, which the rules for
     * requests refuse by name.
     */
    public static JsonNode value(String field, String text) {
        Rule rule = RequestFields.TABLE.get(field).rule();
        if (rule instanceof Rule.Flag) {
            return List.of("true", "false").contains(text)
                    ? BooleanNode.valueOf(Boolean.parseBoolean(text))
                    : TextNode.valueOf(text);
        }
        if (rule instanceof Items) {
            return list(text);
        }
        return rule instanceof Rule.Finite || rule instanceof Rule.Whole ? number(text) : TextNode.valueOf(text);
    }

    /** {@code 1,0.5}, or as JSON. */
    private static JsonNode list(String text) {
        if (text.startsWith("[")) {
            return json(text).filter(JsonNode::isArray).orElseGet(() -> TextNode.valueOf(text));
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Stream.of(text.split(",", -1)).map(String::strip).forEach(item -> list.add(number(item)));
        return list;
    }

    private static JsonNode number(String text) {
        return json(text).filter(JsonNode::isNumber).orElseGet(() -> TextNode.valueOf(text));
    }

    private static Optional<JsonNode> json(String text) {
        try {
            return Optional.of(EventJson.mapper().readTree(text));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }
}
