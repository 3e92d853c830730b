package io.lowpass.lab.page;

import java.util.List;

/**
 * A table.
 *
 * @param columns their headings; that of the rows' names is the first
 * @param folded whether a reader has to open it
 */
public record Table(String caption, List<String> columns, List<Row> rows, boolean folded) {

    /** A row: one cell for each column but the first. */
    public record Row(String name, List<Cell> cells) {}

    /**
     * A cell.
     *
     * @param details smaller lines below the text
     * @param style class in the style sheet, or empty
     */
    public record Cell(String text, List<String> details, String style) {

        /** A cell with nothing but a text. */
        public static Cell of(String text) {
            return new Cell(text, List.of(), "");
        }
    }

    /** The table that a reader has to open. */
    public Table fold() {
        return new Table(caption, columns, rows, true);
    }
}
