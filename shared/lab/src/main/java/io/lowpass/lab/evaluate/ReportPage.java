package io.lowpass.lab.evaluate;

import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import io.lowpass.lab.plot.Markup;
import io.lowpass.lab.plot.PlotStyle;
import io.lowpass.lab.statistics.Bootstrap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The report as a self-contained HTML page, which XML parsers can read, too.
 *
 * <p>Not a template of Qute's: plots are elements that a program builds, and the rest of the page is built in the same way.
 * As a template, with the records that it reads, the same page took 929 lines instead of 785.
 */
final class ReportPage {

    private final Results results;
    private final Suite suite;
    private final Lineup field;
    private final ContactSheet pictures;
    private final Map<String, String> machine;
    private final List<Markup> sections = new ArrayList<>();

    ReportPage(Results results, Suite suite, Lineup field, ContactSheet pictures, Map<String, String> machine) {
        this.results = results;
        this.suite = suite;
        this.field = field;
        this.pictures = pictures;
        this.machine = machine;
    }

    /** Writes the page, with additional sections before the contact sheets. */
    void write(Path file, List<Markup> figures) throws IOException {
        ReportTables tables = new ReportTables(results, suite);
        add("Methods (Table 1)", METHODS, tables.of(Suite.METHODS).stream().toList());
        add("Cost and fidelity", FRONT, fronts());
        add("At equal cost", EQUAL, equalCosts());
        add(
                "Size of the probe (Table 3)",
                SIZES,
                tables.of(Suite.SIZES).stream().toList());
        add("What is reused (Table 4)", REUSE, tables.of(Suite.REUSE).stream().toList());
        sections.addAll(figures);
        add(
                "Every policy",
                "The values of all policies in the plots.",
                tables.all().map(ReportPage::folded).stream().toList());
        add("Side by side", SHEETS, sheets());
        sections.add(conditions());
        Markup body = Markup.of("body")
                .add(
                        Markup.of("header")
                                .add(
                                        Markup.of(
                                                "h1",
                                                "Evaluation of "
                                                        + results.conditions().model()),
                                        Markup.of("p", summary())),
                        Markup.of("main").add(sections));
        Markup page = Markup.of("html")
                .with("xmlns", "http://www.w3.org/1999/xhtml")
                .with("lang", "en")
                .add(head(), body);
        Files.writeString(file, "<!DOCTYPE html>\n" + page + "\n");
    }

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
    private static final String SHEETS =
            "The first, two middle and the last frame; below, the difference from the uncached" + " run, "
                    + ContactSheet.GAIN + " times as bright.";

    private void add(String title, String text, List<Markup> content) {
        if (!content.isEmpty()) {
            sections.add(section(title, text).add(content));
        }
    }

    private static Markup folded(Markup table) {
        return Markup.of("details").add(Markup.of("summary", "The table"), table);
    }

    /** A section with a heading and a paragraph. */
    static Markup section(String title, String text) {
        return Markup.of("section").add(Markup.of("h2", title), Markup.of("p", text));
    }

    private static Markup head() throws IOException {
        try (InputStream in = Objects.requireNonNull(ReportPage.class.getResourceAsStream("report.css"))) {
            String css = PlotStyle.css() + new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Markup.of("head")
                    .add(
                            Markup.of("meta").with("charset", "utf-8"),
                            Markup.of("meta")
                                    .with("name", "viewport")
                                    .with("content", "width=device-width, initial-scale=1"),
                            Markup.of("title", "Lowpass evaluation"),
                            Markup.of("style", css));
        }
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

    private List<Markup> fronts() {
        ParetoSection pareto = new ParetoSection(results);
        List<Markup> content = new ArrayList<>();
        for (EqualCost axes : ParetoSection.PLOTS) {
            pareto.draw(axes)
                    .ifPresent(plot -> content.add(Markup.of("figure")
                            .add(
                                    Markup.of(
                                            "h3",
                                            axes.gain().label() + ", over "
                                                    + axes.cost().label()),
                                    ReportTables.scrolling(plot),
                                    Markup.of(
                                            "figcaption",
                                            "On the front, cheapest first: "
                                                    + String.join(", ", pareto.front(axes))))));
        }
        return content;
    }

    private List<Markup> equalCosts() {
        EqualCostSection section = new EqualCostSection(results);
        return ParetoSection.PLOTS.stream()
                .flatMap(axes -> section.table(axes).stream())
                .toList();
    }

    private List<Markup> sheets() throws IOException {
        List<Markup> content = new ArrayList<>();
        for (Pair pair : pictures.pairs()) {
            if (results.pairs().contains(pair)) {
                content.add(Markup.of("h3", "“" + pair.text() + "”, seed " + pair.seed()));
                content.add(sheet(pair));
            }
        }
        return content;
    }

    private Markup sheet(Pair pair) throws IOException {
        Markup sheet = Markup.of("div").with("class", "sheet");
        for (Entrant entrant : results.entrants()) {
            Path file = pictures.file(pair, entrant.name());
            if (!Files.exists(file)) {
                continue;
            }
            Optional<Double> psnr = results.value(pair, entrant.name(), Metric.PSNR);
            String caption = entrant.isUncached()
                    ? entrant.name()
                    : entrant.name() + ", " + ReportTables.number(psnr.orElseThrow(), 1) + " dB";
            String data = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
            sheet.add(Markup.of("figure")
                    .add(
                            Markup.of("img")
                                    .with("src", "data:image/jpeg;base64," + data)
                                    .with("loading", "lazy")
                                    .with("alt", "Frames under " + entrant.name() + " and their differences"),
                            Markup.of("figcaption", caption)));
        }
        return sheet;
    }

    private Markup conditions() {
        EvaluationConditions run = results.conditions();
        Markup list = Markup.of("dl");
        entry(list, "Model", run.model() + ", " + run.fingerprint());
        entry(
                list,
                "Video",
                run.size() + ", " + run.frames() + " frames, " + run.steps() + " steps, " + run.scheduler() + ", shift "
                        + run.shift() + ", guidance " + run.guidance() + ", " + run.dtype());
        entry(list, "Seeds", run.seeds().toString());
        machine.forEach((name, value) -> entry(list, name, value));
        entry(
                list,
                "Engine",
                run.threads() + " threads; one process, warmed up, policies in turn for each prompt and seed");
        entry(
                list,
                "Intervals",
                "percentile bootstrap of the mean, 10 000 resamples of whole prompts, fixed seed; none (–) of fewer than "
                        + Bootstrap.FEWEST_CLUSTERS + " prompts, for which it would be too narrow");
        field.left().forEach(left -> entry(list, "Left out: " + left.name(), left.reason()));
        field.warnings().forEach(warning -> entry(list, "Profile", warning));
        Markup prompts = Markup.of("ol");
        run.prompts().forEach(prompt -> prompts.add(Markup.of("li", prompt)));
        return Markup.of("section").add(Markup.of("h2", "Conditions"), list, Markup.of("h3", "Prompts"), prompts);
    }

    private static void entry(Markup list, String name, String value) {
        list.add(Markup.of("dt", name), Markup.of("dd", value));
    }
}
