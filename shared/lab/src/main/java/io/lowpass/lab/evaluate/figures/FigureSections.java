package io.lowpass.lab.evaluate.figures;

import io.lowpass.lab.page.Section;
import io.lowpass.lab.page.Section.Figure;
import io.lowpass.lab.page.Table;
import io.lowpass.lab.page.Table.Cell;
import io.lowpass.lab.page.Table.Row;
import io.lowpass.lab.plot.Axis;
import io.lowpass.lab.plot.HeatMap;
import io.lowpass.lab.plot.LinePlot;
import io.lowpass.lab.plot.Series;
import io.lowpass.lab.plot.Series.Point;
import io.lowpass.lab.statistics.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The figures as sections of a page. */
final class FigureSections {

    private static final String STEP = "step";
    private static final int NAME_LENGTH = 40;

    private final List<PromptFigures> prompts;

    /** The figures of prompts, of which there is at least one. */
    FigureSections(List<PromptFigures> prompts) {
        this.prompts = List.copyOf(prompts);
    }

    List<Section> all() {
        return List.of(influence(), differences(), resolutions(), blocks());
    }

    /** The effect of reusing a step, and which differences predict it. */
    Section influence() {
        return new Section(
                "Influence of a step (Figure 3)",
                        "One step reuses the prediction of the step before, all others are computed: the effect on the"
                                + " video, prompt by prompt. Below, the rank correlation of differences of predictions with this effect,"
                                + " on which caching relies.",
                List.of(
                        effect("Reusing the whole prediction", Influence::whole),
                        effect("Reusing its low frequencies only", Influence::low),
                        effect("Reusing its high frequencies only", Influence::high)),
                List.of(table(Agreement.withInfluence(prompts), influencesText())));
    }

    private String influencesText() {
        return "Rank correlation (Spearman) with the influence over "
                + prompts.get(0).influences().size() + " steps, " + over();
    }

    private String over() {
        return "mean over " + prompts.size() + " prompts; – where one of them has no coefficient";
    }

    private Section differences() {
        return new Section(
                        "Difference of adjacent predictions (Figure 4)",
                        "Root mean square of the difference of a guided prediction from that of the step before.",
                List.of(
                        curves("Whole", one -> one.distances().whole()),
                        curves("Low frequencies", one -> one.distances().low()),
                        curves("High frequencies", one -> one.distances().high())),
                List.of());
    }

    private Section resolutions() {
        PromptFigures first = prompts.get(0);
        List<Series> series = new ArrayList<>();
        series.add(scaled("full size", first.distances().low()));
        first.probes().forEach(probe -> series.add(scaled(probe.resolution(), probe.cached())));
        LinePlot plot = new LinePlot(
                "Low-frequency difference at several resolutions",
                Axis.linear(STEP),
                Axis.log("share of the largest"),
                series);
        return new Section(
                        "Resolution of the probe (Figure 5)",
                        "The low-frequency difference measured by probes on downsampled latents, each curve relative to its largest"
                                + " value, for '" + first.text()
                                + "'; and the rank correlation of each with the"
                                + " difference at full size.",
                List.of(new Figure("", plot.draw(), "")),
                List.of(table(
                                Agreement.ofProbes(prompts),
                                "Rank correlation (Spearman) with the low-frequency difference at full size over "
                                        + (first.steps() - 1) + " steps, " + over())));
    }

    private Section blocks() {
        int steps = prompts.get(0).blocks().size();
        int depth = prompts.get(0).blocks().get(0).size();
        List<List<Double>> means = IntStream.range(0, steps)
                .mapToObj(step -> IntStream.range(0, depth)
                        .mapToObj(block -> prompts.stream()
                                .mapToDouble(one -> one.blocks().get(step).get(block))
                                .average()
                                .orElseThrow())
                        .toList())
                .toList();
        HeatMap map = new HeatMap("Change by each block at each step", "block", STEP, "relative change", means);
        return new Section(
                        "Change by each block (Figure 6)",
                        "Norm of a block's residual relative to its input: conditioned branch, mean over prompts.",
                List.of(new Figure("", map.draw(), "")), List.of());
    }

    private Figure effect(String title, ToDoubleFunction<Influence> value) {
        List<Series> series = prompts.stream()
                .map(one -> new Series(
                        name(one),
                        one.influences().stream()
                                .map(influence -> new Point(influence.step(), value.applyAsDouble(influence)))
                                .toList()))
                .toList();
        return figure(title, "mean squared error of the video", series);
    }

    private Figure curves(String title, Function<PromptFigures, List<Double>> values) {
        List<Series> series = prompts.stream()
                .map(one -> new Series(name(one), points(values.apply(one), 1)))
                .toList();
        return figure(title, "root mean square", series);
    }

    /** A plot with a logarithmic height where there is something to show on it. */
    private static Figure figure(String title, String height, List<Series> series) {
        boolean positive =
                series.stream().flatMap(curve -> curve.points().stream()).anyMatch(point -> point.y() > 0);
        Axis axis = positive ? Axis.log(height) : Axis.linear(height);
        return new Figure(title, new LinePlot(title, Axis.linear(STEP), axis, series).draw(), "");
    }

    private static Series scaled(String name, List<Double> values) {
        double largest = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        return new Series(name, points(values, largest));
    }

    /** Points from step 1. */
    private static List<Point> points(List<Double> values, double unit) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> new Point(i + 1.0, values.get(i) / unit))
                .toList();
    }

    private static String name(PromptFigures one) {
        return one.text().length() <= NAME_LENGTH ? one.text() : one.text().substring(0, NAME_LENGTH - 1) + "…";
    }

    private static Table table(List<Agreement> rows, String caption) {
        return new Table(
                caption,
                List.of("Figure", "Rank correlation, worst prompt"),
                rows.stream()
                        .map(row -> new Row(
                                row.figure(),
                                List.of(Cell.of(row.coefficients()
                                        .map(FigureSections::figure)
                                        .orElse("–")))))
                        .toList(),
                false);
    }

    private static String figure(Summary coefficient) {
        return String.format(Locale.ROOT, "%.2f, %.2f", coefficient.mean(), coefficient.worst());
    }
}
