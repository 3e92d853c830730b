package io.lowpass.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is written from the tables: {@code -Dreference.write=true} writes it, and without that it is compared. */
final class GeneratedFile {

    private static final Path ROOT = Path.of(System.getProperty("lowpass.root"));

    private GeneratedFile() {}

    static String read(String name) throws IOException {
        return Files.readString(ROOT.resolve(name));
    }

    static void check(String name, String wanted) throws IOException {
        Path file = ROOT.resolve(name);
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(file, wanted);
        }
        assertThat(Files.readString(file))
                .as(name + " is not what the tables say; deploy/checks/reference writes it anew")
                .isEqualTo(wanted);
    }
}
