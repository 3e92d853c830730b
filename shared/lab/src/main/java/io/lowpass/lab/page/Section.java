package io.lowpass.lab.page;

import io.lowpass.lab.plot.Markup;
import java.util.List;

/**
 * A part of a page.
 *
 * @param title its heading
 * @param text what it shows
 */
public record Section(String title, String text, List<Figure> figures, List<Table> tables) {

    /**
     * A plot.
     *
     * @param title above it, or empty
     * @param caption below it, or empty
     */
    public record Figure(String title, Markup plot, String caption) {}

    public Section {
        figures = List.copyOf(figures);
        tables = List.copyOf(tables);
    }

    /** Whether it shows anything besides its text. */
    public boolean isShown() {
        return !figures.isEmpty() || !tables.isEmpty();
    }
}
