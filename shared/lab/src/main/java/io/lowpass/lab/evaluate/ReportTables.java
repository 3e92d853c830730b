package io.lowpass.lab.evaluate;

import io.lowpass.lab.plot.Markup;
import io.lowpass.lab.statistics.Bootstrap;
import io.lowpass.lab.statistics.Summary;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The tables of a report. */
final class ReportTables {

    private static final List<Metric> FIRST = List.of(
            Metric.MACS,
            Metric.LATENCY,
            Metric.SPEEDUP,
            Metric.DENOISING,
            Metric.DENOISING_SPEEDUP,
            Metric.EQUIVALENTS,
            Metric.COMPUTED,
            Metric.PSNR,
            Metric.SSIM,
            Metric.LPIPS,
            Metric.FINE_PSNR);

    private static final List<Metric> OTHERS = List.of(
            Metric.LATENCY,
            Metric.SPEEDUP,
            Metric.DENOISING_SPEEDUP,
            Metric.EQUIVALENTS,
            Metric.COMPUTED,
            Metric.PSNR,
            Metric.SSIM,
            Metric.LPIPS,
            Metric.FINE_PSNR);

    private final Results results;
    private final Suite suite;

    ReportTables(Results results, Suite suite) {
        this.results = results;
        this.suite = suite;
    }

    /** A table of a section's policies after the uncached runs; empty if none of them was run. */
    Optional<Markup> of(String section) {
        List<String> names = suite.names(section, results.conditions().steps());
        return table(names, section.equals(Suite.METHODS) ? FIRST : OTHERS);
    }

    /** A table of all entrants; empty if there is only the uncached run. */
    Optional<Markup> all() {
        return table(results.entrants().stream().map(Entrant::name).toList(), FIRST);
    }

    private Optional<Markup> table(List<String> wanted, List<Metric> metrics) {
        Set<String> uncached = new LinkedHashSet<>(List.of(Entrant.UNCACHED));
        results.conditions().reference().ifPresent(uncached::add);
        List<String> names = wanted.stream()
                .filter(name -> !uncached.contains(name) && results.has(name))
                .toList();
        if (names.isEmpty()) {
            return Optional.empty();
        }
        List<Metric> columns = metrics.stream()
                .filter(metric -> names.stream()
                        .anyMatch(name -> results.figure(name, metric).isPresent()))
                .toList();
        Markup body = Markup.of("tbody");
        Stream.concat(uncached.stream(), names.stream()).forEach(name -> body.add(row(name, columns)));
        return Optional.of(scrolling(Markup.of("table")
                .add(
                        caption(),
                        head("Policy", columns.stream().map(Metric::label).toList()),
                        body)));
    }

    private Markup caption() {
        return Markup.of(
                "caption",
                "n = " + results.pairs().size()
                        + " in every cell: mean ± standard deviation; the median; the worst run; the interval"
                        + " in which the mean lies with 95 %" + lacking(results));
    }

    /** Explains missing intervals. */
    static String lacking(Results results) {
        return results.prompts().size() < Bootstrap.FEWEST_CLUSTERS
                ? ", which is – here: fewer than " + Bootstrap.FEWEST_CLUSTERS + " prompts give none"
                : "";
    }

    private Markup row(String name, List<Metric> columns) {
        Markup row = Markup.of("tr").add(Markup.of("th", name).with("scope", "row"));
        for (Metric metric : columns) {
            boolean itself = metric.isFidelity() && name.equals(Entrant.UNCACHED);
            row.add(results.figure(name, metric)
                    .filter(figure -> !itself)
                    .map(figure -> cell(figure, metric.digits()))
                    .orElseGet(() -> Markup.of("td", "–")));
        }
        return row;
    }

    /** A head with a column for what the rows are. */
    static Markup head(String rows, List<String> columns) {
        Markup head = Markup.of("tr").add(Markup.of("th", rows).with("scope", "col"));
        columns.forEach(column -> head.add(Markup.of("th", column).with("scope", "col")));
        return Markup.of("thead").add(head);
    }

    /** A cell with a value and its spread. */
    static Markup cell(Summary figure, int digits) {
        Markup cell = Markup.of("td", number(figure.mean(), digits));
        boolean varies = figure.deviation() > 0;
        if (varies) {
            cell.text(" ± " + number(figure.deviation(), digits));
            cell.add(Markup.of("small", "median " + number(figure.median(), digits)));
            cell.add(Markup.of("small", "worst " + number(figure.worst(), digits)));
        }
        if (varies) {
            cell.add(Markup.of(
                    "small",
                    figure.interval()
                            .map(interval -> number(interval.low(), digits) + " to " + number(interval.high(), digits))
                            .orElse("–")));
        }
        return cell;
    }

    static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Lets wide content scroll by itself. */
    static Markup scrolling(Markup wide) {
        return Markup.of("div").with("class", "wide").with("tabindex", "0").add(wide);
    }
}
