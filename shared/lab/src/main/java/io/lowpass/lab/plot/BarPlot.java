package io.lowpass.lab.plot;

import io.lowpass.lab.plot.Axis.Range;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * One value for each of several things, as horizontal bars with their names beside them.
 *
 * @param title what a screen reader says of it
 * @param value what the length of a bar measures
 */
public record BarPlot(String title, Axis value, List<Bar> bars) {

    private static final double ROW = 24;
    private static final double LABELS = 230;
    private static final double RIGHT = 60;
    private static final double BOTTOM = 44;

    /**
     * A bar.
     *
     * @param error the interval in which the value lies
     */
    public record Bar(String name, double value, Optional<Range> error) {}

    public BarPlot {
        bars = List.copyOf(bars);
    }

    /**
     * The plot as an SVG element.
     *
     * @throws IllegalArgumentException if there is nothing to show
     */
    public Markup draw() {
        Ruler ruler = Ruler.fit(
                value,
                DoubleStream.concat(
                        DoubleStream.of(0),
                        bars.stream()
                                .flatMap(bar -> Stream.concat(
                                        Stream.of(bar.value()),
                                        bar.error().stream().flatMap(r -> Stream.of(r.from(), r.to()))))
                                .mapToDouble(Double::doubleValue)));
        double bottom = ROW * bars.size() + ROW / 2;
        Markup svg = Markup.picture(title, Canvas.WIDTH, bottom + BOTTOM);
        Markup axes = Markup.of("g").with("class", "axes");
        for (double tick : ruler.ticks()) {
            axes.add(
                    Canvas.line(at(ruler, tick), 0, at(ruler, tick), bottom),
                    Canvas.label(at(ruler, tick), bottom + 16, "middle", ruler.text(tick)));
        }
        double middle = (LABELS + Canvas.WIDTH - RIGHT) / 2;
        svg.add(axes.add(Canvas.label(middle, bottom + 36, "middle", value.label())));
        for (int i = 0; i < bars.size(); i++) {
            svg.add(bar(ruler, bars.get(i), ROW * i + ROW / 2));
        }
        return svg;
    }

    private static Markup bar(Ruler ruler, Bar bar, double top) {
        double zero = at(ruler, 0);
        double end = Double.isFinite(bar.value()) ? at(ruler, bar.value()) : zero;
        Markup row = Markup.of("g").with("class", "bar c0");
        row.add(
                Markup.of("rect")
                        .with("x", Math.min(zero, end))
                        .with("y", top)
                        .with("width", Math.abs(end - zero))
                        .with("height", ROW - 8),
                Canvas.label(LABELS - 8, top + 12, "end", bar.name()),
                Canvas.label(Math.max(zero, end) + 6, top + 12, "start", shown(bar.value())));
        bar.error()
                .ifPresent(range ->
                        row.add(Canvas.line(at(ruler, range.from()), top + 8, at(ruler, range.to()), top + 8)));
        return row;
    }

    private static String shown(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3g", value) : "–";
    }

    private static double at(Ruler ruler, double value) {
        return LABELS + ruler.position(value) * (Canvas.WIDTH - LABELS - RIGHT);
    }
}
