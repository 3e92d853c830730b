package io.lowpass.lab.plot;

import java.util.List;
import java.util.Optional;

/** The frame of a plot with two axes: lines, marks, labels, legend; and from values to places within it. */
final class Canvas {

    static final double WIDTH = 680;
    static final int COLOURS = 8;

    private static final double HEIGHT = 380;
    private static final double LEFT = 66;
    private static final double RIGHT = 18;
    private static final double TOP = 14;
    private static final double BOTTOM = 52;
    private static final double LINE = 20;
    private static final double LETTER = 6.8;
    private static final double SWATCH = 34;
    private static final double TEXT_DROP = 4;

    private final Ruler x;
    private final Ruler y;
    private final Markup svg;

    /** An entry of the legend: the class that gives the colour, the text, and the shape, if marks have one. */
    record Entry(String style, String text, Optional<Shape> shape) {}

    Canvas(String title, Ruler x, Ruler y, List<Entry> legend) {
        this.x = x;
        this.y = y;
        Markup keys = Markup.of("g").with("class", "legend");
        double height = HEIGHT + legend(keys, legend);
        this.svg = Markup.picture(title, WIDTH, height);
        svg.add(frame(), keys);
    }

    Markup svg() {
        return svg;
    }

    boolean shows(double valueX, double valueY) {
        return x.shows(valueX) && y.shows(valueY);
    }

    double x(double value) {
        return LEFT + x.position(value) * (WIDTH - LEFT - RIGHT);
    }

    double y(double value) {
        return HEIGHT - BOTTOM - y.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    double left() {
        return LEFT;
    }

    double right() {
        return WIDTH - RIGHT;
    }

    double top() {
        return TOP;
    }

    double bottom() {
        return HEIGHT - BOTTOM;
    }

    static double textWidth(String text) {
        return text.length() * LETTER;
    }

    static String colour(int index) {
        return "c" + index % COLOURS;
    }

    private Markup frame() {
        Markup frame = Markup.of("g").with("class", "axes");
        for (double tick : x.ticks()) {
            frame.add(line(x(tick), top(), x(tick), bottom()));
            frame.add(label(x(tick), bottom() + LINE - TEXT_DROP, "middle", x.text(tick)));
        }
        for (double tick : y.ticks()) {
            frame.add(line(left(), y(tick), right(), y(tick)));
            frame.add(label(left() - 8, y(tick) + TEXT_DROP, "end", y.text(tick)));
        }
        double middle = (top() + bottom()) / 2;
        return frame.add(
                label(
                                (left() + right()) / 2,
                                bottom() + 2 * LINE,
                                "middle",
                                x.axis().label())
                        .with("class", "axis"),
                label(TOP, middle, "middle", y.axis().label())
                        .with("class", "axis")
                        .with("transform", "rotate(-90 " + Markup.number(TOP) + " " + Markup.number(middle) + ")"));
    }

    /** Puts the entries into as many lines as they need, and returns the height of these. */
    private static double legend(Markup keys, List<Entry> entries) {
        double at = LEFT;
        double line = HEIGHT + LINE / 2;
        for (Entry entry : entries) {
            double width = SWATCH + textWidth(entry.text()) + 2 * TEXT_DROP;
            if (at + width > WIDTH && at > LEFT) {
                at = LEFT;
                line += LINE;
            }
            keys.add(key(entry, at, line), label(at + SWATCH - 8, line, "start", entry.text()));
            at += width;
        }
        return entries.isEmpty() ? 0 : line - HEIGHT + LINE / 2;
    }

    private static Markup key(Entry entry, double at, double line) {
        String style = "key " + entry.style();
        double width = SWATCH - 12;
        return entry.shape()
                .map(shape -> shape.at(at + width / 2, line - TEXT_DROP).with("class", style))
                .orElseGet(() -> Markup.of("rect")
                        .with("class", style)
                        .with("x", at)
                        .with("y", line - LINE / 2)
                        .with("width", width)
                        .with("height", 8));
    }

    static Markup line(double fromX, double fromY, double toX, double toY) {
        return Markup.of("line")
                .with("x1", fromX)
                .with("y1", fromY)
                .with("x2", toX)
                .with("y2", toY);
    }

    static Markup label(double atX, double atY, String anchor, String text) {
        return Markup.of("text", text).with("x", atX).with("y", atY).with("text-anchor", anchor);
    }
}
