package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.EventJson;
import io.lowpass.testing.SampleRequests;
import io.lowpass.testing.SampleRequests.SampleRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The table of bad requests, as far as a command line can say them, and options that no request has. */
class BadInputTest {

    /** Fields that no option sets, or none can set wrongly: files are looked at before, and a flag is there or not. */
    private static final Set<String> NO_OPTION =
            Set.of("output", "metadata", "idempotencyKey", "image", "lastImage", "useDynamicCfg");

    @TempDir
    private Path data;

    private final StringWriter err = new StringWriter();
    private final StringWriter out = new StringWriter();

    /** Runs the command in a directory that is in use: what is taken for good by mistake goes no further. */
    private int execute(List<String> arguments) {
        try (DataDirectory inUse = DataDirectory.open(data)) {
            assertThat(inUse.log()).isEqualTo(data.resolve("lowpass.log"));
            return run(arguments);
        }
    }

    private int run(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("generate", "--data", data.toString()));
        all.addAll(arguments);
        return Lowpass.commandLine()
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out))
                .execute(all.toArray(String[]::new));
    }

    static Stream<SampleRequest> badRequests() {
        return SampleRequests.bad().stream()
                .filter(request -> request.key().isEmpty())
                // What is wrong with a request as JSON cannot be wrong with options.
                .filter(request -> request.errors().stream().noneMatch(error -> isOfJson(error.code())))
                .filter(request -> arguments(request).isPresent());
    }

    private static boolean isOfJson(String code) {
        return code.equals("VALIDATION.NOT_FINITE")
                || (code.startsWith("REQUEST.") && !code.equals("REQUEST.UNKNOWN_FIELD"));
    }

    /** The request as arguments; empty if it cannot be said so. */
    private static Optional<List<String>> arguments(SampleRequest request) {
        Optional<JsonNode> body = json(request);
        if (body.filter(JsonNode::isObject).isEmpty()
                || !body.get().path("prompt").isTextual()) {
            return Optional.empty();
        }
        List<String> arguments = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : body.get().properties()) {
            String option = RequestOptions.OPTION_OF_FIELD.getOrDefault(field.getKey(), "");
            JsonNode value = field.getValue();
            if (NO_OPTION.contains(field.getKey())
                    || option.isEmpty()
                    || option.equals("--model")
                    || value.isNull()
                    || isGoodAsArgument(field.getKey(), value)) {
                return Optional.empty();
            }
            if (!option.equals("PROMPT")) {
                arguments.add(option);
            }
            arguments.add(value.isTextual() ? value.textValue() : value.toString());
        }
        return Optional.of(arguments);
    }

    /** A number where text is wanted, or a number as text, is a good request once it is an argument. */
    private static boolean isGoodAsArgument(String field, JsonNode value) {
        if (field.equals("cache")) {
            return value.isTextual();
        }
        boolean text = Set.of("prompt", "negativePrompt", "size", "scheduler").contains(field);
        return text != value.isTextual() && (text || value.textValue().matches("[-+.0-9eE]+"));
    }

    private static Optional<JsonNode> json(SampleRequest request) {
        try {
            return Optional.of(EventJson.mapper().readTree(request.body()));
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        } catch (IOException error) {
            throw new IllegalStateException(error);
        }
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void aBadRequestIsAUsageErrorThatNamesItsOptions(SampleRequest request) {
        // When
        int code = execute(arguments(request).orElseThrow());

        // Then
        assertThat(code).as(request.name() + ": " + err).isEqualTo(2);
        request.errors().forEach(expected -> {
            String field = expected.field().contains(".")
                    ? expected.field().substring(0, expected.field().indexOf('.'))
                    : expected.field();
            assertThat(err.toString())
                    .contains(RequestOptions.OPTION_OF_FIELD.getOrDefault(field, field))
                    .contains(expected.code());
        });
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void theTableHasManyThatACommandLineCanSay() {
        assertThat(badRequests().count()).isGreaterThan(25);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--dtype f64",
                "--device tpu",
                "--threads 0",
                "--threads x",
                "--model no/such/folder",
                "--cache precise:",
                "--cache fixed:0",
                "--cache {",
                "--cache fast:turbo",
                "--cache precise:ludicrous",
                "--guidance NaN",
                "--guidance Infinity",
                "--shift -Infinity",
                "--shift 1e999",
                "--steps 1e9",
                "--seed 9223372036854775808",
                "--seed -1",
                "--size 130x128",
                "--frames 16",
                "--scheduler ddim",
                "--out no/such/folder/x.mp4",
                "--unknown 3"
            })
    void anOptionThatCannotBeUsedIsNamed(String text) {
        // Given
        List<String> arguments = new ArrayList<>(List.of(text.split(" ")));
        String option = arguments.get(0);
        arguments.add("a ball");

        // When
        int code = execute(arguments);

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains(option).doesNotContain("Exception");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        // When
        int code = execute(List.of(
                "",
                "--steps",
                "0",
                "--size",
                "1x1",
                "--frames",
                "2",
                "--guidance",
                "NaN",
                "--seed",
                "-1",
                "--scheduler",
                "x",
                "--cache",
                "precise:x"));

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .contains("PROMPT", "--steps", "--size", "--frames", "--guidance", "--seed", "--scheduler", "--cache");
    }

    @Test
    void aMissingPromptIsAUsageError() {
        assertThat(execute(List.of())).isEqualTo(2);
        assertThat(err.toString()).contains("PROMPT");
    }

    @Test
    void noCommandIsAUsageError() {
        assertThat(Lowpass.commandLine().setErr(new PrintWriter(err)).execute()).isEqualTo(2);
        assertThat(err.toString()).contains("lowpass --help");
    }

    @Test
    void aDataDirectoryInUseIsAnErrorAndNotAStackTrace() {
        // When
        int code = execute(List.of("a ball"));

        // Then
        assertThat(code).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("in use").doesNotContain("Exception");
    }
}
