package io.lowpass.lab.evaluate.figures;

import io.lowpass.lab.plot.Axis;
import io.lowpass.lab.plot.HeatMap;
import io.lowpass.lab.plot.LinePlot;
import io.lowpass.lab.plot.Markup;
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

    List<Markup> all() {
        return List.of(influence(), differences(), resolutions(), blocks());
    }

    /** The effect of reusing a step, and which differences predict it. */
    Markup influence() {
        return section(
                        "Influence of a step (Figure 3)",
                        "One step reuses the prediction of the step before, all others are computed: the effect on the"
                                + " video, prompt by prompt. Below, the rank correlation of differences of predictions with this effect,"
                                + " on which caching relies.")
                .add(
                        effect("Reusing the whole prediction", Influence::whole),
                        effect("Reusing its low frequencies only", Influence::low),
                        effect("Reusing its high frequencies only", Influence::high),
                        table(Agreement.withInfluence(prompts), influencesText()));
    }

    private String influencesText() {
        return "Rank correlation (Spearman) with the influence over "
                + prompts.get(0).influences().size() + " steps, " + over();
    }

    private String over() {
        return "mean over " + prompts.size() + " prompts; – where one of them has no coefficient";
    }

    private Markup differences() {
        return section(
                        "Difference of adjacent predictions (Figure 4)",
                        "Root mean square of the difference of a guided prediction from that of the step before.")
                .add(
                        curves("Whole", one -> one.distances().whole()),
                        curves("Low frequencies", one -> one.distances().low()),
                        curves("High frequencies", one -> one.distances().high()));
    }

    private Markup resolutions() {
        PromptFigures first = prompts.get(0);
        List<Series> series = new ArrayList<>();
        series.add(scaled("full size", first.distances().low()));
        first.probes().forEach(probe -> series.add(scaled(probe.resolution(), probe.cached())));
        LinePlot plot = new LinePlot(
                "Low-frequency difference at several resolutions",
                Axis.linear(STEP),
                Axis.log("share of the largest"),
                series);
        return section(
                        "Resolution of the probe (Figure 5)",
                        "The low-frequency difference measured by probes on downsampled latents, each curve relative to its largest"
                                + " value, for '" + first.text()
                                + "'; and the rank correlation of each with the"
                                + " difference at full size.")
                .add(
                        plot.draw(),
                        table(
                                Agreement.ofProbes(prompts),
                                "Rank correlation (Spearman) with the low-frequency difference at full size over "
                                        + (first.steps() - 1) + " steps, " + over()));
    }

    private Markup blocks() {
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
        return section(
                        "Change by each block (Figure 6)",
                        "Norm of a block's residual relative to its input: conditioned branch, mean over prompts.")
                .add(new HeatMap("Change by each block at each step", "block", STEP, "relative change", means).draw());
    }

    private Markup effect(String title, ToDoubleFunction<Influence> value) {
        List<Series> series = prompts.stream()
                .map(one -> new Series(
                        name(one),
                        one.influences().stream()
                                .map(influence -> new Point(influence.step(), value.applyAsDouble(influence)))
                                .toList()))
                .toList();
        return figure(title, "mean squared error of the video", series);
    }

    private Markup curves(String title, Function<PromptFigures, List<Double>> values) {
        List<Series> series = prompts.stream()
                .map(one -> new Series(name(one), points(values.apply(one), 1)))
                .toList();
        return figure(title, "root mean square", series);
    }

    /** A plot with a logarithmic height where there is something to show on it. */
    private static Markup figure(String title, String height, List<Series> series) {
        boolean positive =
                series.stream().flatMap(curve -> curve.points().stream()).anyMatch(point -> point.y() > 0);
        Axis axis = positive ? Axis.log(height) : Axis.linear(height);
        return Markup.of("figure")
                .add(Markup.of("figcaption", title), new LinePlot(title, Axis.linear(STEP), axis, series).draw());
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

    private static Markup section(String title, String text) {
        return Markup.of("section").add(Markup.of("h2", title), Markup.of("p", text));
    }

    private static Markup table(List<Agreement> rows, String caption) {
        Markup body = Markup.of("tbody");
        rows.forEach(row -> body.add(Markup.of("tr")
                .add(
                        Markup.of("th", row.figure()).with("scope", "row"),
                        Markup.of(
                                "td",
                                row.coefficients().map(FigureSections::figure).orElse("–")))));
        Markup head = Markup.of("thead")
                .add(Markup.of("tr")
                        .add(
                                Markup.of("th", "Figure").with("scope", "col"),
                                Markup.of("th", "Rank correlation, worst prompt")
                                        .with("scope", "col")));
        return Markup.of("table").add(Markup.of("caption", caption), head, body);
    }

    private static String figure(Summary coefficient) {
        return String.format(Locale.ROOT, "%.2f, %.2f", coefficient.mean(), coefficient.worst());
    }
}
