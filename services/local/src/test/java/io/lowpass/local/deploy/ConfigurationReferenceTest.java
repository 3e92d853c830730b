package io.lowpass.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's configuration reference names every key that the code reads, and no other. */
class ConfigurationReferenceTest {

    private static final Path ROOT = Path.of(System.getProperty("lowpass.root"));
    private static final Pattern PROPERTY = Pattern.compile("@ConfigProperty\\(\\s*name = \"(lowpass\\.[^\"]+)\"");
    private static final Pattern MAPPING = Pattern.compile("@ConfigMapping\\(prefix = \"(lowpass[^\"]*)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(lowpass\\.[^`]+)`");

    @Test
    void namesEveryKeyAndNoOther() throws IOException {
        // Given
        Set<String> read = new TreeSet<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            groups(PROPERTY, source).forEach(read::add);
            groups(MAPPING, source).forEach(prefix -> read.addAll(keys(file, prefix)));
        }

        // When
        Set<String> documented = groups(ROW, reference())
                .map(key -> key.replaceAll("<\\w+>", "*"))
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(read).isNotEmpty();
        assertThat(documented).isEqualTo(read);
    }

    private static String reference() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        int begin = readme.indexOf("## Configuration");
        return readme.substring(begin, readme.indexOf("\n## ", begin));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Stream.of("services", "shared").flatMap(folder -> walk(ROOT.resolve(folder)))) {
            return files.filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
        }
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static Stream<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }

    private static Set<String> keys(Path source, String prefix) {
        String path = source.toString();
        String name = path.substring(path.indexOf("/src/main/java/") + "/src/main/java/".length())
                .replace(".java", "")
                .replace('/', '.');
        try {
            return ConfigMappings.getProperties(ConfigClass.configClass(Class.forName(name), prefix))
                    .keySet();
        } catch (ClassNotFoundException error) {
            throw new IllegalStateException(name + " is not on the class path", error);
        }
    }
}
