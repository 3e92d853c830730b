package io.lowpass.testing.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents: their links and the paths that they name lead somewhere, and the README stays short. */
class DocumentsTest {

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern PATH = Pattern.compile("`((?:shared|services|deploy)/[^\\s`]+)`");

    private static final Set<String> FILES = files();

    static List<String> documents() {
        return FILES.stream().filter(file -> file.endsWith(".md")).sorted().toList();
    }

    /** Of what the changelog names, some is gone. */
    static List<String> documentsOfToday() {
        return documents().stream()
                .filter(file -> !file.endsWith("CHANGELOG.md"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsToAFileAndToAHeadingInIt(String document) throws IOException {
        // Given
        Path from = ProjectFiles.root().resolve(document);

        // When
        List<String> broken = LINK.matcher(prose(document))
                .results()
                .filter(link -> !leadsSomewhere(from, link.group(1), link.group(2)))
                .map(link -> link.group())
                .toList();

        // Then
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documentsOfToday")
    void everyPathThatIsNamedExists(String document) throws IOException {
        // When
        List<String> missing = PATH.matcher(prose(document))
                .results()
                .map(path -> path.group(1))
                .filter(path -> !exists(path))
                .toList();

        // Then
        assertThat(missing).isEmpty();
    }

    @Test
    void theReadmeFitsOnAFewScreens() throws IOException {
        assertThat(ProjectFiles.text("README.md").lines()).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void anAnchorIsWhatIsMadeOfAHeading() {
        assertThat(anchor("What is refused, in *any* `folder`?")).isEqualTo("what-is-refused-in-any-folder");
        assertThat(anchor("`lowpass.models`")).isEqualTo("lowpassmodels");
    }

    private static boolean leadsSomewhere(Path from, String target, String anchor) {
        Path file = target.isEmpty() ? from : from.resolveSibling(target).normalize();
        if (!Files.exists(file)) {
            return false;
        }
        return anchor == null || anchors(file).contains(anchor);
    }

    private static Set<String> anchors(Path file) {
        try {
            Set<String> anchors = new HashSet<>();
            HEADING.matcher(prose(ProjectFiles.root().relativize(file).toString()))
                    .results()
                    .forEach(heading -> anchors.add(anchor(heading.group(1))));
            return anchors;
        } catch (IOException unreadable) {
            throw new AssertionError(file + " cannot be read", unreadable);
        }
    }

    /** As the common viewers make it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .strip()
                .replace(' ', '-');
    }

    /** A path, in which an ellipsis is any number of folders and a star any part of a name. */
    private static boolean exists(String path) {
        String bare = path.replaceAll("/$", "");
        Pattern pattern = Pattern.compile(Stream.of(bare.split("…", -1))
                .map(part -> Stream.of(part.split("\\*", -1))
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + "[^/]*" + b)
                        .orElse(""))
                .reduce((a, b) -> a + ".*" + b)
                .orElse(""));
        return FILES.contains(bare) || FILES.stream().anyMatch(pattern.asMatchPredicate());
    }

    private static String prose(String document) throws IOException {
        return FENCE.matcher(ProjectFiles.text(document)).replaceAll("");
    }

    /** Files and folders from the root, without what is hidden and what builds write, perhaps at this moment. */
    private static Set<String> files() {
        Path root = ProjectFiles.root();
        Set<String> files = new HashSet<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = folder.getFileName().toString();
                    if (!folder.equals(root) && (name.equals("target") || name.startsWith("."))) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    return visitFile(folder, attributes);
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(root.relativize(file).toString());
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException unreadable) {
            throw new AssertionError(root + " cannot be read", unreadable);
        }
        return files;
    }
}
