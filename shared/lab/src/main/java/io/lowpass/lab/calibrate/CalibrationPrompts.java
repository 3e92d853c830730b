package io.lowpass.lab.calibrate;

import io.lowpass.lab.options.Prompts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The prompts for calibration, which must be different from those for evaluation. */
final class CalibrationPrompts {

    private CalibrationPrompts() {}

    /**
     * The prompts of a file, or the included ones.
     *
     * @param judgedBy file with further prompts reserved for evaluation, in addition to the included ones
     * @throws IllegalArgumentException if a prompt is reserved for evaluation
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
                    + " reserved for evaluation, allowed is none: '" + String.join("', '", both) + "'");
        }
    }

    private static List<String> shipped() throws IOException {
        try (InputStream in = Objects.requireNonNull(CalibrationPrompts.class.getResourceAsStream("prompts.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
