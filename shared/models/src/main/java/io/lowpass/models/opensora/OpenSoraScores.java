package io.lowpass.models.opensora;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Marks that a caption gives its video, which the model was trained to follow.
 *
 * @param aesthetic how good it looks: about 4 to 7
 * @param motion how much moves: 0 is a still
 * @param camera how the camera moves, in words
 */
public record OpenSoraScores(OptionalDouble aesthetic, OptionalDouble motion, Optional<String> camera) {

    /** What the official sampling asks for. */
    public static final OpenSoraScores OFFICIAL =
            new OpenSoraScores(OptionalDouble.of(6.5), OptionalDouble.empty(), Optional.empty());

    /** Writes behind a prompt what it does not say itself. */
    public String appendTo(String prompt) {
        StringBuilder scored = new StringBuilder(prompt);
        aesthetic.ifPresent(score -> append(scored, prompt, "aesthetic score:", number(score)));
        motion.ifPresent(score -> append(scored, prompt, "motion score:", number(score)));
        camera.ifPresent(words -> append(scored, prompt, "camera motion:", words));
        return scored.toString();
    }

    private static void append(StringBuilder scored, String prompt, String title, String value) {
        if (!prompt.contains(title)) {
            scored.append(' ').append(title).append(' ').append(value).append('.');
        }
    }

    /** One decimal place, rounded as the binary number is, halves to even. */
    private static String number(double score) {
        return new BigDecimal(score).setScale(1, RoundingMode.HALF_EVEN).toPlainString();
    }
}
