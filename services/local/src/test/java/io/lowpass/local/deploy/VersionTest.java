package io.lowpass.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.local.Lowpass;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The version is said once, as {@code revision} in the root pom. */
class VersionTest {

    private static final Path ROOT = Path.of(System.getProperty("lowpass.root"));

    @Test
    void theCommandLineSaysThatOfThePom() throws IOException {
        // Given
        StringWriter out = new StringWriter();
        CommandLine command = Lowpass.commandLine().setOut(new PrintWriter(out));

        // When
        command.execute("--version");

        // Then
        assertThat(out.toString().strip()).isEqualTo("Lowpass " + revision());
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "gpu"})
    void theManifestsNameTheImagesOfTheReleaseThatIsOutOrNext(String folder) throws IOException {
        // Given
        String file = Files.readString(
                ROOT.resolve("deploy/kubernetes").resolve(folder).resolve("kustomization.yaml"));

        // When
        List<String> tags = groups("newTag: \"?([^\"\n]+)", file).toList();

        // Then
        assertThat(tags).isNotEmpty().allMatch(tag -> tag.replace("-cu121", "").equals(revisionWithoutSnapshot()));
    }

    private static String revisionWithoutSnapshot() {
        return revision().replace("-SNAPSHOT", "");
    }

    private static String revision() {
        try {
            return groups("<revision>(.+)</revision>", Files.readString(ROOT.resolve("pom.xml")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException error) {
            throw new AssertionError("no pom", error);
        }
    }

    private static Stream<String> groups(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
