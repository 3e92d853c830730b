package io.lowpass.lab.evaluate;

import io.lowpass.lab.page.Table;
import io.lowpass.lab.page.Table.Cell;
import io.lowpass.lab.page.Table.Row;
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

    /** What was not measured, or says nothing. */
    static final Cell NONE = Cell.of("–");

    private final Results results;
    private final Suite suite;

    ReportTables(Results results, Suite suite) {
        this.results = results;
        this.suite = suite;
    }

    /** A table of a section's policies after the uncached runs; empty if none of them was run. */
    Optional<Table> of(String section) {
        List<String> names = suite.names(section, results.conditions().steps());
        return table(names, section.equals(Suite.METHODS) ? FIRST : OTHERS);
    }

    /** A table of all entrants; empty if there is only the uncached run. */
    Optional<Table> all() {
        return table(results.entrants().stream().map(Entrant::name).toList(), FIRST);
    }

    private Optional<Table> table(List<String> wanted, List<Metric> metrics) {
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
        return Optional.of(new Table(
                caption(),
                columns(columns.stream().map(Metric::label)),
                Stream.concat(uncached.stream(), names.stream())
                        .map(name -> row(name, columns))
                        .toList(),
                false));
    }

    private String caption() {
        return "n = " + results.pairs().size()
                + " in every cell: mean ± standard deviation; the median; the worst run; the interval"
                + " in which the mean lies with 95 %" + lacking(results);
    }

    /** Explains missing intervals. */
    static String lacking(Results results) {
        return results.prompts().size() < Bootstrap.FEWEST_CLUSTERS
                ? ", which is – here: fewer than " + Bootstrap.FEWEST_CLUSTERS + " prompts give none"
                : "";
    }

    private Row row(String name, List<Metric> columns) {
        return new Row(
                name,
                columns.stream()
                        .map(metric -> results.figure(name, metric)
                                .filter(figure -> !(metric.isFidelity() && name.equals(Entrant.UNCACHED)))
                                .map(figure -> cell(figure, metric.digits(), ""))
                                .orElse(NONE))
                        .toList());
    }

    /** The headings of columns after that of the policies. */
    static List<String> columns(Stream<String> others) {
        return Stream.concat(Stream.of("Policy"), others).toList();
    }

    /** A cell with a value and its spread. */
    static Cell cell(Summary figure, int digits, String style) {
        String mean = number(figure.mean(), digits);
        if (!(figure.deviation() > 0)) {
            return new Cell(mean, List.of(), style);
        }
        return new Cell(
                mean + " ± " + number(figure.deviation(), digits),
                List.of(
                        "median " + number(figure.median(), digits),
                        "worst " + number(figure.worst(), digits),
                        figure.interval()
                                .map(interval -> number(interval.low(), digits) + " to " + number(interval.high(), digits))
                                .orElse("–")),
                style);
    }

    static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
