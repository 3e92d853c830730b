package io.lowpass.quality.plot;

import io.lowpass.quality.plot.Series.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Single results, by group, with the front of those that no other beats.
 *
 * @param title what a screen reader says of it
 * @param marks the results
 */
public record ScatterPlot(String title, Axis x, Axis y, List<Mark> marks) {

    private static final double SIZE = 4.5;
    private static final int SHAPES = 5;

    /**
     * A result.
     *
     * @param label its name
     * @param group results of one group share colour and shape, and are joined by a thin line
     * @param error the interval in which its height lies
     * @param front whether it belongs to the front, which is drawn and whose results are labelled
     */
    public record Mark(double x, double y, String label, String group, Optional<Axis.Range> error, boolean front) {}

    public ScatterPlot {
        marks = List.copyOf(marks);
    }

    /**
     * The plot as an SVG element.
     *
     * @throws IllegalArgumentException if there is nothing to show
     */
    public Markup draw() {
        List<String> groups = marks.stream().map(Mark::group).distinct().toList();
        DoubleStream heights = marks.stream()
                .flatMap(mark -> mark.error()
                        .map(range -> java.util.stream.Stream.of(mark.y(), range.from(), range.to()))
                        .orElseGet(() -> java.util.stream.Stream.of(mark.y())))
                .mapToDouble(Double::doubleValue);
        Canvas canvas = new Canvas(
                title,
                Ruler.fit(x, marks.stream().mapToDouble(Mark::x)),
                Ruler.fit(y, heights),
                IntStream.range(0, groups.size())
                        .mapToObj(i -> new Canvas.Entry(style(i), groups.get(i)))
                        .toList());
        List<Mark> shown = marks.stream()
                .filter(mark -> canvas.shows(mark.x(), mark.y()))
                .sorted(Comparator.comparingDouble(Mark::x))
                .toList();
        canvas.svg().add(front(canvas, shown));
        for (int i = 0; i < groups.size(); i++) {
            String group = groups.get(i);
            canvas.svg()
                    .add(group(
                            canvas,
                            shown.stream()
                                    .filter(mark -> mark.group().equals(group))
                                    .toList(),
                            i));
        }
        return canvas.svg().add(labels(canvas, shown));
    }

    private static String style(int group) {
        return Canvas.colour(group) + " shape" + group % SHAPES;
    }

    private static Markup front(Canvas canvas, List<Mark> shown) {
        List<Point> corners = new ArrayList<>();
        shown.stream().filter(Mark::front).forEach(mark -> corners.add(new Point(mark.x(), mark.y())));
        return Markup.of("polyline").with("class", "front").with("points", LinePlot.path(canvas, corners));
    }

    private static Markup group(Canvas canvas, List<Mark> ofGroup, int index) {
        Markup group = Markup.of("g").with("class", "marks " + style(index));
        List<Point> line =
                ofGroup.stream().map(mark -> new Point(mark.x(), mark.y())).toList();
        if (line.size() > 1) {
            group.add(Markup.of("polyline").with("points", LinePlot.path(canvas, line)));
        }
        for (Mark mark : ofGroup) {
            double atX = canvas.x(mark.x());
            mark.error()
                    .ifPresent(range -> group.add(Canvas.line(atX, canvas.y(range.from()), atX, canvas.y(range.to()))));
            group.add(Markup.of("path")
                    .with("d", shape(atX, canvas.y(mark.y()), index % SHAPES))
                    .with("class", mark.front() ? "mark best" : "mark")
                    .add(Markup.of("title", mark.label())));
        }
        return group;
    }

    private static String shape(double atX, double atY, int kind) {
        double[][] corners = SHAPE_CORNERS[kind];
        StringBuilder path = new StringBuilder();
        for (double[] corner : corners) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(Markup.number(atX + corner[0] * SIZE))
                    .append(' ')
                    .append(Markup.number(atY + corner[1] * SIZE));
        }
        return path.append('Z').toString();
    }

    private static Markup labels(Canvas canvas, List<Mark> shown) {
        LabelPlaces places = new LabelPlaces(canvas);
        shown.forEach(mark -> places.keepFree(canvas.x(mark.x()), canvas.y(mark.y()), SIZE));
        Markup labels = Markup.of("g").with("class", "labels");
        shown.stream()
                .filter(Mark::front)
                .forEach(mark -> places.place(mark.label(), canvas.x(mark.x()), canvas.y(mark.y()))
                        .ifPresent(labels::add));
        return labels;
    }

    /** Octagon, square, triangle, diamond, triangle upside down: told apart without colours. */
    private static final double[][][] SHAPE_CORNERS = {
        {{1, 0.4}, {0.4, 1}, {-0.4, 1}, {-1, 0.4}, {-1, -0.4}, {-0.4, -1}, {0.4, -1}, {1, -0.4}},
        {{0.9, 0.9}, {-0.9, 0.9}, {-0.9, -0.9}, {0.9, -0.9}},
        {{0, -1.2}, {1.1, 0.9}, {-1.1, 0.9}},
        {{0, -1.3}, {1.3, 0}, {0, 1.3}, {-1.3, 0}},
        {{0, 1.2}, {1.1, -0.9}, {-1.1, -0.9}}
    };
}
