package io.lowpass.lab.plot;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A curve.
 *
 * @param name in the legend
 * @param points in the order in which they are joined; the curve has a gap where one cannot be shown
 */
public record Series(String name, List<Point> points) {

    /** A value over another. */
    public record Point(double x, double y) {}

    public Series {
        points = List.copyOf(points);
    }

    /** Values over 0, 1, 2, and so on. */
    public static Series of(String name, double... values) {
        return new Series(
                name,
                IntStream.range(0, values.length)
                        .mapToObj(i -> new Point(i, values[i]))
                        .toList());
    }
}
