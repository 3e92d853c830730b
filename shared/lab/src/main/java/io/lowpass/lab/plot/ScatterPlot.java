package io.lowpass.lab.plot;

import io.lowpass.lab.plot.Series.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Single results, by group, with the front of those that no other beats.
 *
 * @param title what a screen reader says of it
 * @param groups in a fixed order; those without marks are not shown
 * @param marks the results
 */
public record ScatterPlot(String title, Axis x, Axis y, List<Group> groups, List<Mark> marks) {

    /**
     * Results that share colour and shape: those of their place in the list, the same in every plot with that list.
     *
     * @param joined whether a thin line goes through them, from left to right
     */
    public record Group(String name, boolean joined) {}

    /**
     * A result.
     *
     * @param label its name
     * @param group name of its group
     * @param error the interval in which its height lies
     * @param front whether it belongs to the front, which is drawn and whose results are labelled
     */
    public record Mark(double x, double y, String label, String group, Optional<Axis.Range> error, boolean front) {}

    public ScatterPlot {
        groups = List.copyOf(groups);
        marks = List.copyOf(marks);
        List<String> known = groups.stream().map(Group::name).toList();
        for (Mark mark : marks) {
            if (!known.contains(mark.group())) {
                throw new IllegalArgumentException(
                        "group '" + mark.group() + "' of mark '" + mark.label() + "' is not one of " + known);
            }
        }
    }

    /**
     * The plot as an SVG element.
     *
     * @throws IllegalArgumentException if there is nothing to show, or a mark's group is unknown
     */
    public Markup draw() {
        DoubleStream heights = marks.stream()
                .flatMap(mark -> Stream.concat(
                        Stream.of(mark.y()),
                        mark.error().stream().flatMap(range -> Stream.of(range.from(), range.to()))))
                .mapToDouble(Double::doubleValue);
        Canvas canvas =
                new Canvas(title, Ruler.fit(x, marks.stream().mapToDouble(Mark::x)), Ruler.fit(y, heights), legend());
        List<Mark> shown = marks.stream()
                .filter(mark -> canvas.shows(mark.x(), mark.y()))
                .sorted(Comparator.comparingDouble(Mark::x))
                .toList();
        canvas.svg().add(front(canvas, shown));
        for (int i = 0; i < groups.size(); i++) {
            canvas.svg().add(group(canvas, shown, i));
        }
        return canvas.svg().add(labels(canvas, shown));
    }

    private List<Canvas.Entry> legend() {
        return IntStream.range(0, groups.size())
                .filter(i -> marks.stream().anyMatch(mark -> isOf(mark, i)))
                .mapToObj(i -> new Canvas.Entry(Canvas.colour(i), groups.get(i).name(), Optional.of(Shape.of(i))))
                .toList();
    }

    private boolean isOf(Mark mark, int group) {
        return mark.group().equals(groups.get(group).name());
    }

    private static Markup front(Canvas canvas, List<Mark> shown) {
        List<Point> corners = new ArrayList<>();
        shown.stream().filter(Mark::front).forEach(mark -> corners.add(new Point(mark.x(), mark.y())));
        return Markup.of("polyline").with("class", "front").with("points", LinePlot.path(canvas, corners));
    }

    private Markup group(Canvas canvas, List<Mark> shown, int index) {
        Markup group = Markup.of("g").with("class", "marks " + Canvas.colour(index));
        List<Mark> own = shown.stream().filter(mark -> isOf(mark, index)).toList();
        List<Point> line =
                own.stream().map(mark -> new Point(mark.x(), mark.y())).toList();
        if (line.size() > 1 && groups.get(index).joined()) {
            group.add(Markup.of("polyline").with("points", LinePlot.path(canvas, line)));
        }
        for (Mark mark : own) {
            double atX = canvas.x(mark.x());
            mark.error()
                    .ifPresent(range -> group.add(Canvas.line(atX, canvas.y(range.from()), atX, canvas.y(range.to()))));
            group.add(Shape.of(index)
                    .at(atX, canvas.y(mark.y()))
                    .with("class", mark.front() ? "mark best" : "mark")
                    .add(Markup.of("title", mark.label())));
        }
        return group;
    }

    private static Markup labels(Canvas canvas, List<Mark> shown) {
        LabelPlaces places = new LabelPlaces(canvas);
        shown.forEach(mark -> places.keepFree(canvas.x(mark.x()), canvas.y(mark.y()), Shape.SIZE));
        Markup labels = Markup.of("g").with("class", "labels");
        shown.stream()
                .filter(Mark::front)
                .forEach(mark -> places.place(mark.label(), canvas.x(mark.x()), canvas.y(mark.y()))
                        .ifPresent(labels::add));
        return labels;
    }
}
