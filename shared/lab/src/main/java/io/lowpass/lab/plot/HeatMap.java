package io.lowpass.lab.plot;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/**
 * A table of numbers as shades: faint for the least, full for the largest.
 *
 * @param title what a screen reader says of it
 * @param across what the columns are, from 0
 * @param down what the rows are, from 0
 * @param shade what the shade measures
 * @param rows the numbers, row by row; a number that is not finite leaves its cell empty
 */
public record HeatMap(String title, String across, String down, String shade, List<List<Double>> rows) {

    private static final double LEFT = 66;
    private static final double TOP = 8;
    private static final double RIGHT = 18;
    private static final double BOTTOM = 84;
    private static final double TALLEST = 26;
    private static final double MOST_HEIGHT = 420;
    private static final int MARKS = 12;
    private static final double FAINTEST = 0.04;
    private static final int KEY_CELLS = 24;
    private static final double KEY_WIDTH = 180;

    /** Checks that the rows are alike. */
    public HeatMap {
        rows = rows.stream().map(List::copyOf).toList();
        if (rows.isEmpty() || rows.get(0).isEmpty()) {
            throw new IllegalArgumentException("a heat map of nothing: " + title);
        }
        int columns = rows.get(0).size();
        if (rows.stream().anyMatch(row -> row.size() != columns)) {
            throw new IllegalArgumentException("rows of a heat map differ in length: " + title);
        }
    }

    /** The plot as an SVG element. */
    public Markup draw() {
        int columns = rows.get(0).size();
        double cellWidth = (Canvas.WIDTH - LEFT - RIGHT) / columns;
        double cellHeight = Math.min(TALLEST, MOST_HEIGHT / rows.size());
        double bottom = TOP + cellHeight * rows.size();
        DoubleSummaryStatistics values = rows.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .summaryStatistics();
        Markup cells = Markup.of("g").with("class", "heat");
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns; column++) {
                double value = rows.get(row).get(column);
                if (Double.isFinite(value)) {
                    cells.add(cell(LEFT + column * cellWidth, TOP + row * cellHeight, cellWidth, cellHeight)
                            .with("fill-opacity", opacity(value, values))
                            .add(Markup.of("title", place(row, column) + figure(value))));
                }
            }
        }
        Markup svg = Markup.picture(title, Canvas.WIDTH, bottom + BOTTOM);
        return svg.add(cells, axes(columns, cellWidth, cellHeight, bottom), key(bottom + 62, values));
    }

    private Markup axes(int columns, double cellWidth, double cellHeight, double bottom) {
        Markup axes = Markup.of("g").with("class", "axes");
        for (int column = 0; column < columns; column += stride(columns)) {
            axes.add(Canvas.label(LEFT + (column + 0.5) * cellWidth, bottom + 16, "middle", "" + column));
        }
        for (int row = 0; row < rows.size(); row += stride(rows.size())) {
            axes.add(Canvas.label(LEFT - 8, TOP + (row + 0.5) * cellHeight + 4, "end", "" + row));
        }
        double middle = (TOP + bottom) / 2;
        return axes.add(
                Canvas.label((LEFT + Canvas.WIDTH - RIGHT) / 2, bottom + 36, "middle", across),
                Canvas.label(14, middle, "middle", down)
                        .with("transform", "rotate(-90 14 " + Markup.number(middle) + ")"));
    }

    private Markup key(double top, DoubleSummaryStatistics values) {
        Markup key = Markup.of("g").with("class", "heat axes");
        double width = KEY_WIDTH / KEY_CELLS;
        for (int i = 0; i < KEY_CELLS; i++) {
            double share = i / (KEY_CELLS - 1.0);
            key.add(cell(LEFT + i * width, top, width, 10).with("fill-opacity", FAINTEST + (1 - FAINTEST) * share));
        }
        String text = figure(values.getMin()) + " to " + figure(values.getMax()) + ": " + shade;
        return key.add(Canvas.label(LEFT + KEY_WIDTH + 10, top + 9, "start", values.getCount() == 0 ? shade : text));
    }

    private String place(int row, int column) {
        return across + " " + column + ", " + down + " " + row + ": ";
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    private static Markup cell(double left, double top, double width, double height) {
        return Markup.of("rect")
                .with("x", left)
                .with("y", top)
                .with("width", width)
                .with("height", height);
    }

    private static double opacity(double value, DoubleSummaryStatistics values) {
        double spread = values.getMax() - values.getMin();
        return spread == 0 ? 1 : FAINTEST + (1 - FAINTEST) * (value - values.getMin()) / spread;
    }

    private static int stride(int count) {
        return Math.max(1, (count + MARKS - 1) / MARKS);
    }
}
