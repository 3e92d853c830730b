package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.lowpass.testing.HouseRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HouseRulesTest {

    private static final Path ROOT = Path.of(System.getProperty("lowpass.root"));
    private static final Path SOURCES = Path.of("src", "main", "java");

    @Test
    void followsTheHouseRules() {
        HouseRules.check();
    }

    /** What is not on the class path here would escape the rules. */
    @Test
    void everyModuleIsOnTheClassPath() throws IOException {
        for (Path module : modules()) {
            // Given
            Path sources = module.resolve(SOURCES);
            String type = anyType(sources);
            // When, Then
            assertThatCode(() -> Class.forName(type, false, getClass().getClassLoader()))
                    .as(module.toString())
                    .doesNotThrowAnyException();
        }
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> shared = Files.list(ROOT.resolve("shared"));
                Stream<Path> services = Files.list(ROOT.resolve("services"))) {
            return Stream.concat(shared, services)
                    .filter(module -> Files.isDirectory(module.resolve(SOURCES)))
                    .toList();
        }
    }

    private static String anyType(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            String file = files.map(path -> sources.relativize(path).toString())
                    .filter(path -> path.endsWith(".java") && !path.endsWith("package-info.java"))
                    .findFirst()
                    .orElseThrow();
            return file.replace(".java", "").replace('/', '.');
        }
    }
}
