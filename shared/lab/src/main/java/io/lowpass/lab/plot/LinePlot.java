package io.lowpass.lab.plot;

import io.lowpass.lab.plot.Series.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Curves over a common axis.
 *
 * @param title what a screen reader says of it
 * @param series each in a colour of its own; from the ninth on, colours come again with dashes
 */
public record LinePlot(String title, Axis x, Axis y, List<Series> series) {

    /** More names than this say nothing in a legend; the curves still have them as tooltips. */
    private static final int MOST_NAMED = 16;

    public LinePlot {
        series = List.copyOf(series);
    }

    /**
     * The plot as an SVG element.
     *
     * @throws IllegalArgumentException if there is nothing to show
     */
    public Markup draw() {
        Canvas canvas = new Canvas(title, Ruler.fit(x, values(Point::x)), Ruler.fit(y, values(Point::y)), legend());
        for (int i = 0; i < series.size(); i++) {
            canvas.svg().add(curve(canvas, series.get(i), style(i)));
        }
        return canvas.svg();
    }

    private DoubleStream values(java.util.function.ToDoubleFunction<Point> value) {
        return series.stream().flatMap(curve -> curve.points().stream()).mapToDouble(value);
    }

    private List<Canvas.Entry> legend() {
        return series.size() < 2 || series.size() > MOST_NAMED
                ? List.of()
                : IntStream.range(0, series.size())
                        .mapToObj(i -> new Canvas.Entry(style(i), series.get(i).name(), Optional.empty()))
                        .toList();
    }

    private static String style(int index) {
        int round = index / Canvas.COLOURS;
        return Canvas.colour(index) + (round == 0 ? "" : " dash" + Math.min(round, 3));
    }

    private static Markup curve(Canvas canvas, Series curve, String style) {
        Markup group = Markup.of("g").with("class", "curve " + style).add(Markup.of("title", curve.name()));
        List<Point> piece = new ArrayList<>();
        for (Point point : curve.points()) {
            if (canvas.shows(point.x(), point.y())) {
                piece.add(point);
            } else {
                finish(canvas, group, piece);
            }
        }
        finish(canvas, group, piece);
        return group;
    }

    private static void finish(Canvas canvas, Markup group, List<Point> piece) {
        if (piece.size() == 1) {
            group.add(Markup.of("circle")
                    .with("cx", canvas.x(piece.get(0).x()))
                    .with("cy", canvas.y(piece.get(0).y()))
                    .with("r", 2.5));
        } else if (!piece.isEmpty()) {
            group.add(Markup.of("polyline").with("points", path(canvas, piece)));
        }
        piece.clear();
    }

    static String path(Canvas canvas, List<Point> points) {
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(path.isEmpty() ? "" : " ")
                    .append(Markup.number(canvas.x(point.x())))
                    .append(',')
                    .append(Markup.number(canvas.y(point.y())));
        }
        return path.toString();
    }
}
