package io.lowpass.lab.calibrate;

import io.lowpass.lab.options.Prompts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The prompts that constants are fitted on, which must not be those that they are judged by. */
final class CalibrationPrompts {

    private CalibrationPrompts() {}

    /**
     * The prompts of a file, or those that ship.
     *
     * @param judgedBy a file of further prompts that are kept for evaluation, beside those that ship for it
     * @throws IllegalArgumentException if one of them is kept for evaluation
     */
    static List<String> read(Optional<Path> file, Optional<Path> judgedBy) throws IOException {
        List<String> prompts = file.isPresent() ? Prompts.read(file) : shipped();
        requireApart(prompts, Prompts.read(Optional.empty()));
        if (judgedBy.isPresent()) {
            requireApart(prompts, Prompts.read(judgedBy));
        }
        return prompts;
    }

    private static void requireApart(List<String> prompts, List<String> kept) {
        List<String> both = Prompts.amongst(prompts, kept);
        if (!both.isEmpty()) {
            throw new IllegalArgumentException("--prompts has " + both.size()
                    + " that evaluation uses, allowed is none: '" + String.join("', '", both) + "'");
        }
    }

    private static List<String> shipped() throws IOException {
        try (InputStream in = Objects.requireNonNull(CalibrationPrompts.class.getResourceAsStream("prompts.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
