package io.lowpass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lowpass.cli.CacheOption;
import io.lowpass.cli.FieldOptions;
import io.lowpass.cli.ImageFile;
import io.lowpass.contracts.RequestFields;
import io.lowpass.contracts.request.ModelCard;
import io.lowpass.fields.Rule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * What a user says about the video: an option for each field of the table. The texts go into the request as they are, so
 * that what is wrong with them is found and named by the rules for requests, and all of it at once.
 */
@Command
final class RequestOptions {

    private static final String MODEL = "model";

    /** The option that sets a field of the request, for messages. */
    static final Map<String, String> OPTION_OF_FIELD = optionOfField();

    private static final Set<String> FIELDS = FieldOptions.names().keySet();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Adds the options to a command that mixes this in. */
    static final class Added implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec command) {
            return FieldOptions.addTo(command, FIELDS);
        }
    }

    private static Map<String, String> optionOfField() {
        Map<String, String> options = new LinkedHashMap<>(FieldOptions.names());
        options.put(MODEL, "--model");
        return options;
    }

    /**
     * The request, not validated.
     *
     * @param model the model
     * @param notice gets a message if an image is made smaller
     * @throws IllegalArgumentException if the cache policy has none of its forms, or an image is none
     * @throws java.io.UncheckedIOException if an image cannot be read
     */
    ObjectNode request(ModelCard model, Consumer<String> notice) {
        Map<String, String> given = FieldOptions.given(command, FIELDS);
        ObjectNode request = JsonNodeFactory.instance.objectNode().put(MODEL, model.name());
        given.forEach((field, text) -> {
            Rule rule = RequestFields.TABLE.get(field).rule();
            if (rule instanceof Rule.Image) {
                request.set(field, TextNode.valueOf(ImageFile.uri(Path.of(text), notice)));
            } else if (rule instanceof Rule.Elsewhere) {
                request.set(field, cache(text, steps(given, model)));
            } else {
                request.set(field, FieldOptions.value(field, text));
            }
        });
        return request;
    }

    private static JsonNode cache(String text, int steps) {
        try {
            return CacheOption.settings(text, steps);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--cache " + wrong.getMessage(), wrong);
        }
    }

    /** The steps over which {@code fixed:N} is spread. */
    private static int steps(Map<String, String> given, ModelCard model) {
        for (String list : RequestFields.counting("steps")) {
            if (given.containsKey(list)) {
                return FieldOptions.value(list, given.get(list)).size();
            }
        }
        return Optional.ofNullable(given.get("steps"))
                .filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::parseInt)
                .orElse(model.steps());
    }
}
