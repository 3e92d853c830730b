package io.lowpass.lab.plot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** How plots look. */
public final class PlotStyle {

    private PlotStyle() {}

    /** The style sheet that a page with plots needs, for light and dark. */
    public static String css() {
        try (InputStream in = Objects.requireNonNull(PlotStyle.class.getResourceAsStream("plot.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read plot.css of the program itself", e);
        }
    }
}
