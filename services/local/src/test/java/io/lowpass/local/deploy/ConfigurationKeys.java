package io.lowpass.local.deploy;

import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every configuration key that the services read, with the default and the Javadoc that it has in the source. */
final class ConfigurationKeys {

    private static final Pattern PROPERTY = Pattern.compile("@ConfigProperty\\(\\s*name = \"(lowpass\\.[^\"]+)\"");
    private static final Pattern MAPPING = Pattern.compile("@ConfigMapping\\(prefix = \"(lowpass[^\"]*)\"");
    private static final String JAVADOC = "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*";
    private static final Pattern DEFAULT = Pattern.compile("\\s*Default: (.*?)\\.$");

    private final Map<String, Key> byName = new TreeMap<>();

    /**
     * A row of the page.
     *
     * @param initial the default, in Markdown; empty if there is none
     */
    record Key(String name, String initial, String meaning) {

        private String prefix() {
            return name.replaceFirst("(\\.<name>)?\\.[^.]+$", "");
        }
    }

    private ConfigurationKeys() {}

    static ConfigurationKeys readIn(Path root) throws IOException {
        ConfigurationKeys keys = new ConfigurationKeys();
        List<Path> sources = sources(root);
        List<String> single = new ArrayList<>();
        for (Path file : sources) {
            String source = Files.readString(file);
            groups(PROPERTY, source).forEach(single::add);
            groups(MAPPING, source).forEach(prefix -> keys.addMapping(file, source, prefix));
        }
        for (Path file : sources) {
            String source = Files.readString(file);
            single.stream().distinct().forEach(name -> keys.addConstant(source, name));
        }
        single.forEach(name -> keys.byName.putIfAbsent(name, new Key(name, "", "")));
        return keys;
    }

    List<Key> all() {
        return List.copyOf(byName.values());
    }

    String markdown() {
        Map<String, StringBuilder> tables = new TreeMap<>();
        for (Key key : byName.values()) {
            tables.computeIfAbsent(
                            key.prefix(),
                            prefix -> new StringBuilder(
                                    "## `" + prefix + "`\n\n| key | default | meaning |\n|---|---|---|\n"))
                    .append("| `%s` | %s | %s |\n".formatted(key.name(), key.initial(), key.meaning()));
        }
        return String.join("\n", tables.values());
    }

    /** Sampler and encoder read some keys both; the first who explains one is the one who uses it. */
    private void addMapping(Path file, String source, String prefix) {
        for (Map.Entry<String, Property> entry : properties(file, prefix).entrySet()) {
            Property property = entry.getValue();
            Pattern method = Pattern.compile(
                    JAVADOC + "(?:@\\w+(?:\\([^)]*\\))?\\s*)*[\\w<>., ]+\\s" + property.getMemberName() + "\\(\\);",
                    Pattern.DOTALL);
            String javadoc = groups(method, source)
                    .findFirst()
                    .map(ConfigurationKeys::text)
                    .orElse("");
            String initial = property.hasDefaultValue() ? "`" + property.getDefaultValue() + "`" : "";
            add(entry.getKey().replace("*", "<name>"), initial, javadoc);
        }
    }

    private void addConstant(String source, String name) {
        Pattern constant =
                Pattern.compile(JAVADOC + "[\\w ]+ String \\w+ = \"" + Pattern.quote(name) + "\";", Pattern.DOTALL);
        groups(constant, source).findFirst().ifPresent(javadoc -> add(name, "", text(javadoc)));
    }

    private void add(String name, String initial, String javadoc) {
        MatchResult inWords = DEFAULT.matcher(javadoc).results().findFirst().orElse(null);
        if (inWords == null) {
            byName.putIfAbsent(name, new Key(name, initial, javadoc));
        } else {
            byName.putIfAbsent(name, new Key(name, inWords.group(1), javadoc.substring(0, inWords.start())));
        }
    }

    private static String text(String javadoc) {
        return javadoc.replaceAll("\\n\\s*\\*", " ")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replace("|", "\\|")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static Map<String, Property> properties(Path source, String prefix) {
        String path = source.toString();
        String name = path.substring(path.indexOf("/src/main/java/") + "/src/main/java/".length())
                .replace(".java", "")
                .replace('/', '.');
        try {
            return ConfigMappings.getProperties(ConfigClass.configClass(Class.forName(name), prefix));
        } catch (ClassNotFoundException error) {
            throw new IllegalStateException(name + " is not on the class path", error);
        }
    }

    /** The sampler's first: of what it shares with the encoder, it explains more. */
    private static List<Path> sources(Path root) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String folder : List.of("services/sampler", "services", "shared")) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                files.filter(file -> file.toString().contains("/src/main/java/"))
                        .filter(file -> file.toString().endsWith(".java"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }

    private static Stream<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
