package io.lowpass.local;

import io.lowpass.cli.ProgressBar;
import io.lowpass.contracts.CacheDecision;
import io.lowpass.contracts.JobEvent.Progress;
import java.util.Locale;
import java.util.OptionalDouble;

/** Formats the progress of one step, with or without a bar. */
final class ProgressLine {

    private static final double MILLIS_PER_SECOND = 1000;

    private ProgressLine() {}

    /** The step with a bar, cut to {@code width} characters. */
    static String live(Progress progress, int width) {
        String line = String.format(
                Locale.ROOT, "%-7s %s %s", progress.stage(), ProgressBar.of(progress.fraction()), figures(progress));
        return line.length() <= width ? line : line.substring(0, Math.max(width, 1));
    }

    /** The step without a bar. */
    static String plain(Progress progress) {
        return progress.stage() + " " + figures(progress);
    }

    private static String figures(Progress progress) {
        String what = progress.cache().map(ProgressLine::decision).orElse("");
        String eta = progress.step() == progress.totalSteps() ? "" : " ETA " + ProgressBar.clock(progress.etaMs());
        return String.format(
                Locale.ROOT,
                "%d/%d %.2f s%s%s",
                progress.step(),
                progress.totalSteps(),
                progress.stepMs() / MILLIS_PER_SECOND,
                eta,
                what);
    }

    private static String decision(CacheDecision cache) {
        StringBuilder text =
                new StringBuilder("  ").append(cache.decision()).append(" (").append(cache.reason());
        OptionalDouble measured = cache.accumulated().isPresent() ? cache.accumulated() : cache.distance();
        if (measured.isPresent() && cache.threshold().isPresent()) {
            double threshold = cache.threshold().getAsDouble();
            boolean below = measured.getAsDouble() < threshold;
            // The comparison does not explain a step that is computed for another reason, such as warm-up.
            if (threshold > 0 && below != cache.decision().equals("compute")) {
                String sign = below ? "<" : ">=";
                text.append(String.format(Locale.ROOT, " %.3g %s %.3g", measured.getAsDouble(), sign, threshold));
            }
        }
        if (!cache.blocksSkipped().isEmpty()) {
            text.append(", ").append(cache.blocksSkipped().size()).append(" blocks skipped");
        }
        return text.append(')').toString();
    }
}
