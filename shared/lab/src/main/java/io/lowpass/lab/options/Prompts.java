package io.lowpass.lab.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads prompts for measurements. */
public final class Prompts {

    private Prompts() {}

    /**
     * One prompt per line; empty lines are ignored.
     *
     * @param file the user's file; by default the included prompts, in words that the demo model was trained on
     */
    public static List<String> read(Optional<Path> file) throws IOException {
        List<String> lines = file.isPresent() ? Files.readAllLines(file.get()) : shipped();
        return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** The prompts that also occur in another list, ignoring spaces, case and punctuation. */
    public static List<String> amongst(List<String> prompts, List<String> others) {
        Set<String> forms = others.stream().map(Prompts::form).collect(Collectors.toSet());
        return prompts.stream().filter(prompt -> forms.contains(form(prompt))).toList();
    }

    private static String form(String prompt) {
        return prompt.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
    }

    private static List<String> shipped() throws IOException {
        try (InputStream in = Objects.requireNonNull(Prompts.class.getResourceAsStream("prompts.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
