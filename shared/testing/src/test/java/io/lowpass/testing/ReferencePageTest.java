package io.lowpass.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferencePageTest {

    private static final String BEGIN = "<!-- generated: deploy/checks/reference writes what follows -->\n";
    private static final String END = "<!-- end of what is generated -->\n";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void page() throws IOException {
        file = Files.writeString(
                directory.resolve("PAGE.md"), "# Page\n\n" + BEGIN + "\nold\n\n" + END + "\nThe end.\n");
    }

    @Test
    void aPageThatSaysWhatTheCodeSaysPasses() {
        assertThatCode(() -> new ReferencePage(file).check("old\n", false)).doesNotThrowAnyException();
    }

    @Test
    void aStalePageFailsAndSaysHowToWriteIt() {
        assertThatThrownBy(() -> new ReferencePage(file).check("new\n", false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PAGE.md differs from the code; deploy/checks/reference writes it anew");
    }

    @Test
    void whatIsWrittenIsTheGeneratedPartAlone() throws IOException {
        // When
        new ReferencePage(file).check("new", true);

        // Then
        assertThat(file).hasContent("# Page\n\n" + BEGIN + "\nnew\n\n" + END + "\nThe end.\n");
    }

    @Test
    void aPageWithoutMarksFails() throws IOException {
        // Given
        Files.writeString(file, "# Page\n");

        // Then
        assertThatThrownBy(() -> new ReferencePage(file).check("new", true)).isInstanceOf(AssertionError.class);
    }
}
