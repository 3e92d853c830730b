package io.lowpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of {@code deploy/docs} with a part that is generated from the code. Its test, named {@code *ReferenceTest}, fails
 * when page and code differ; {@code deploy/checks/reference} runs all of them with {@code -Dreference.write}, which
 * writes the part instead.
 */
public final class ReferencePage {

    private static final String BEGIN = "<!-- generated: deploy/checks/reference writes what follows -->\n";
    private static final String END = "<!-- end of what is generated -->\n";

    private final Path file;

    /** The page of this name, such as {@code CONFIGURATION.md}. */
    public ReferencePage(String name) {
        this(Path.of(System.getProperty("lowpass.root")).resolve("deploy/docs").resolve(name));
    }

    ReferencePage(Path file) {
        this.file = file;
    }

    /**
     * Checks that the page says what the code says, or writes it into the page if that is asked for.
     *
     * @param generated what the page should say, in Markdown
     * @throws AssertionError if the page says something else, or has no place for it
     */
    public void check(String generated) throws IOException {
        check(generated, Boolean.getBoolean("reference.write"));
    }

    void check(String generated, boolean write) throws IOException {
        String page = Files.readString(file);
        assertThat(page).as("the marks in %s", file).containsSubsequence(BEGIN, END);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END, begin);
        String wanted = "\n" + generated.strip() + "\n\n";
        if (write) {
            Files.writeString(file, page.substring(0, begin) + wanted + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("%s differs from the code; deploy/checks/reference writes it anew", file.getFileName())
                .isEqualTo(wanted);
    }
}
