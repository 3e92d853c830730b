package io.lowpass.lab.evaluate;

import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import io.lowpass.lab.page.Section;
import io.lowpass.lab.page.Section.Figure;
import io.lowpass.lab.page.Table;
import io.lowpass.lab.page.Template;
import io.lowpass.lab.plot.PlotStyle;
import io.lowpass.lab.statistics.Bootstrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The report as a self-contained HTML page, which XML parsers can read, too: what {@code report.html} shows. */
record ReportPage(Results results, Suite suite, Lineup lineup, ContactSheet pictures, Map<String, String> machine) {

    private static final String METHODS =
            "Fidelity is to the uncached run of the same prompt, seed and steps. Latency is"
                    + " text encoding, denoising and decoding; work is that of the transformer. A full-step equivalent is the work of"
                    + " one uncached step. A run that equals the uncached one in every pixel counts 100 dB, which pulls a mean up: see the"
                    + " median. VBench is not measured here: --export-vbench writes the videos for it.";
    private static final String FRONT =
            "Every policy at several strengths, with fewer steps of other solvers as controls."
                    + " Each mark is the mean over all prompts and seeds, with the interval of its mean where there is one; the dashed line joins what"
                    + " is not dominated in either. A better solver is not penalised for leaving the path of the uncached run where"
                    + " fidelity is to the finer run.";
    private static final String EQUAL = "A family's fidelity at a policy's cost lies on a straight line between the two"
            + " members around it, prompt by prompt and seed by seed. Positive: the policy is better. Green and red: the"
            + " interval of the mean is wholly on one side of zero.";
    private static final String SIZES =
            "PreciseCache turbo with probes downsampled by the given factors (frames × height ×"
                    + " width); a smaller probe costs less and is less accurate.";
    private static final String REUSE =
            "PreciseCache turbo decides which steps are computed; the replacement of the other predictions differs.";
    /** The videos of a pair side by side. */
    record Sheet(Pair pair, List<Strip> strips) {}

    /**
     * Frames of a video and their differences.
     *
     * @param jpeg the picture in Base64
     * @param psnr its figure, or empty for the uncached run
     */
    record Strip(String policy, String jpeg, String psnr) {}

    /** Writes the page, with additional sections before the contact sheets. */
    void write(Path file, List<Section> figures) throws IOException {
        String css = PlotStyle.css() + Template.resource(ReportPage.class, "report.css");
        Map<String, Object> values = Map.of(
                "css", css,
                "run", results.conditions(),
                "summary", summary(),
                "sections", sections(figures),
                "sheets", sheets(),
                "gain", ContactSheet.GAIN,
                "machine", machine,
                "fewestClusters", Bootstrap.FEWEST_CLUSTERS,
                "lineup", lineup);
        Files.writeString(file, Template.of(ReportPage.class, "report.html").render(values));
    }

    /** Those that have something to show. */
    private List<Section> sections(List<Section> figures) {
        ReportTables tables = new ReportTables(results, suite);
        EqualCostSection equalCost = new EqualCostSection(results);
        List<Table> equalCosts = ParetoSection.PLOTS.stream()
                .flatMap(axes -> equalCost.table(axes).stream())
                .toList();
        List<Section> before = List.of(
                tables("Methods (Table 1)", METHODS, tables.of(Suite.METHODS).stream()),
                new Section("Cost and fidelity", FRONT, fronts(), List.of()),
                tables("At equal cost", EQUAL, equalCosts.stream()),
                tables("Size of the probe (Table 3)", SIZES, tables.of(Suite.SIZES).stream()),
                tables("What is reused (Table 4)", REUSE, tables.of(Suite.REUSE).stream()));
        Section every = tables(
                "Every policy",
                "The values of all policies in the plots.",
                tables.all().map(Table::fold).stream());
        return Stream.of(before, figures, List.of(every))
                .flatMap(List::stream)
                .filter(Section::isShown)
                .toList();
    }

    private static Section tables(String title, String text, Stream<Table> tables) {
        return new Section(title, text, List.of(), tables.toList());
    }

    private String summary() {
        EvaluationConditions run = results.conditions();
        int planned = run.pairs().size();
        int counted = results.pairs().size();
        return String.format(
                Locale.ROOT,
                "%d policies on %d prompts with %d seeds, %d steps, %s, %d frames, paired by prompt and seed. %s",
                results.entrants().size(),
                run.prompts().size(),
                run.seeds().size(),
                run.steps(),
                run.size(),
                run.frames(),
                counted == planned
                        ? "All " + planned + " pairs were run under every policy."
                        : "Only " + counted + " of " + planned
                                + " pairs were run under every policy; all values are over these.");
    }

    private List<Figure> fronts() {
        ParetoSection pareto = new ParetoSection(results);
        return ParetoSection.PLOTS.stream()
                .flatMap(axes -> pareto.draw(axes).stream()
                        .map(plot -> new Figure(
                                axes.gain().label() + ", over " + axes.cost().label(),
                                plot,
                                "On the front, cheapest first: " + String.join(", ", pareto.front(axes)))))
                .toList();
    }

    private List<Sheet> sheets() throws IOException {
        List<Sheet> sheets = new ArrayList<>();
        for (Pair pair : pictures.pairs()) {
            if (results.pairs().contains(pair)) {
                sheets.add(new Sheet(pair, strips(pair)));
            }
        }
        return sheets;
    }

    private List<Strip> strips(Pair pair) throws IOException {
        List<Strip> strips = new ArrayList<>();
        for (Entrant entrant : results.entrants()) {
            Path file = pictures.file(pair, entrant.name());
            if (Files.exists(file)) {
                Optional<Double> psnr = results.value(pair, entrant.name(), Metric.PSNR);
                strips.add(new Strip(
                        entrant.name(),
                        Base64.getEncoder().encodeToString(Files.readAllBytes(file)),
                        entrant.isUncached() ? "" : ReportTables.number(psnr.orElseThrow(), 1)));
            }
        }
        return strips;
    }
}
