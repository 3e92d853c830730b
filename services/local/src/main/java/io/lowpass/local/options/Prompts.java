package io.lowpass.local.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The prompts of measuring commands. */
public final class Prompts {

    private Prompts() {}

    /**
     * One prompt a line, empty lines left out.
     *
     * @param file the user's; without one those that ship, in words that the demo model was trained on
     */
    public static List<String> read(Optional<Path> file) throws IOException {
        List<String> lines = file.isPresent() ? Files.readAllLines(file.get()) : shipped();
        return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static List<String> shipped() throws IOException {
        try (InputStream in = Objects.requireNonNull(Prompts.class.getResourceAsStream("prompts.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
