package io.lowpass.testing.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** Reads files of the repository, by their path from its root. */
final class ProjectFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ProjectFiles() {}

    static Path root() {
        return Path.of(System.getProperty("lowpass.root"));
    }

    static String text(String path) throws IOException {
        return Files.readString(root().resolve(path));
    }

    /** The documents of a YAML text, with anchors and merge keys resolved; a duplicate key is an error. */
    static List<JsonNode> yaml(String text) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        return StreamSupport.stream(new Yaml(strict).loadAll(text).spliterator(), false)
                .map(document -> JSON.<JsonNode>valueToTree(document))
                .toList();
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    /** The files below a folder whose path from the root fits, in order; what a build wrote is left out. */
    static List<String> below(String folder, Predicate<String> fits) throws IOException {
        try (Stream<Path> files = Files.walk(root().resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root().relativize(file).toString())
                    .filter(file -> !file.contains("/target/"))
                    .filter(fits)
                    .sorted()
                    .toList();
        }
    }
}
