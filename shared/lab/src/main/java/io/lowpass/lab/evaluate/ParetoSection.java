package io.lowpass.lab.evaluate;

import io.lowpass.lab.plot.Axis;
import io.lowpass.lab.plot.Markup;
import io.lowpass.lab.plot.ScatterPlot;
import io.lowpass.lab.plot.ScatterPlot.Group;
import io.lowpass.lab.plot.ScatterPlot.Mark;
import io.lowpass.lab.statistics.ParetoFront;
import io.lowpass.lab.statistics.Summary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plots of cost against fidelity with the Pareto front. */
record ParetoSection(Results results) {

    /** From this PSNR on, videos equal the uncached one in nearly every pixel, and a plot of the rest would be flat. */
    private static final double SAME = 99;

    /** The plots of a report: over time and work, relative to the uncached and to the finer run. */
    static final List<EqualCost> PLOTS = List.of(
            new EqualCost(Metric.DENOISING, Metric.PSNR),
            new EqualCost(Metric.EQUIVALENTS, Metric.PSNR),
            new EqualCost(Metric.DENOISING, Metric.FINE_PSNR),
            new EqualCost(Metric.EQUIVALENTS, Metric.FINE_PSNR));

    private static final String VARIANTS = "precise, other settings";
    private static final List<String> STRENGTHS = List.of("policy", "preset", "alpha");

    private record Result(Entrant entrant, double cost, Summary gain) {}

    /** Names of the policies on the Pareto front, cheapest first. */
    List<String> front(EqualCost axes) {
        return ParetoFront.of(shown(axes), Result::cost, result -> result.gain().mean()).stream()
                .map(result -> result.entrant().name())
                .toList();
    }

    /** A plot; empty if its fidelity was not measured, or there are no policies to compare. */
    Optional<Markup> draw(EqualCost axes) {
        List<Result> shown = shown(axes);
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        List<String> front = front(axes);
        List<Mark> marks = shown.stream()
                .map(result -> new Mark(
                        result.cost(),
                        result.gain().mean(),
                        result.entrant().name(),
                        group(result.entrant()),
                        result.gain()
                                .interval()
                                .filter(interval -> interval.low() < interval.high())
                                .map(interval -> new Axis.Range(interval.low(), interval.high())),
                        front.contains(result.entrant().name())))
                .toList();
        String title = axes.gain().label() + " over " + axes.cost().label();
        return Optional.of(new ScatterPlot(
                        title,
                        Axis.linear(axes.cost().label()),
                        Axis.linear(axes.gain().label()),
                        groups(),
                        marks)
                .draw());
    }

    /** The groups of all entrants, so that colours mean the same in every plot. */
    private List<Group> groups() {
        return results.entrants().stream()
                .map(ParetoSection::group)
                .distinct()
                .map(name -> new Group(name, !name.equals(VARIANTS)))
                .toList();
    }

    /**
     * Variants of the paper's method in other settings than its strength form their own group, without a connecting
     * line.
     */
    private static String group(Entrant entrant) {
        boolean variant = entrant.family().equals("precise")
                && entrant.contender().cache().properties().stream()
                        .map(Map.Entry::getKey)
                        .anyMatch(option -> !STRENGTHS.contains(option));
        return variant || entrant.name().equals("precise:flash") ? VARIANTS : entrant.family();
    }

    private List<Result> shown(EqualCost axes) {
        return results.entrants().stream()
                .filter(entrant -> !results.conditions().reference().equals(Optional.of(entrant.name())))
                .flatMap(entrant -> results.figure(entrant.name(), axes.gain()).stream()
                        .filter(gain -> gain.mean() < SAME)
                        .map(gain -> new Result(
                                entrant,
                                results.figure(entrant.name(), axes.cost())
                                        .orElseThrow()
                                        .mean(),
                                gain)))
                .toList();
    }
}
