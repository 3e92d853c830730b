package io.lowpass.lab.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An element of a plot, which is built up, then written in a form that both HTML and XML parsers read. */
public final class Markup {

    private static final String SVG = "http://www.w3.org/2000/svg";

    private static final int DECIMALS = 2;
    private static final char UNKNOWN = '\uFFFD';

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Object> children = new ArrayList<>();

    private Markup(String name) {
        this.name = name;
    }

    /** An empty element. */
    static Markup of(String name) {
        return new Markup(name);
    }

    /** An element with text in it. */
    static Markup of(String name, String text) {
        return new Markup(name).text(text);
    }

    /** A picture that a screen reader calls {@code label}, in coordinates of its own. */
    static Markup picture(String label, double width, double height) {
        return of("svg")
                .with("xmlns", SVG)
                .with("class", "plot")
                .with("viewBox", "0 0 " + number(width) + " " + number(height))
                .with("role", "img")
                .with("aria-label", label);
    }

    /** Sets an attribute. */
    Markup with(String attribute, String value) {
        attributes.put(attribute, value);
        return this;
    }

    /** Sets an attribute to a number, rounded to two decimals. */
    Markup with(String attribute, double value) {
        return with(attribute, number(value));
    }

    /** Appends elements. */
    Markup add(Markup... elements) {
        children.addAll(List.of(elements));
        return this;
    }

    /** Appends text. */
    Markup text(String text) {
        children.add(text);
        return this;
    }

    /** A number without more decimals than a picture needs. */
    static String number(double value) {
        String plain = BigDecimal.valueOf(value)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .toPlainString();
        String brief = plain.contains(".") ? plain.replaceAll("\\.?0+$", "") : plain;
        return brief.equals("-0") ? "0" : brief;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        write(out);
        return out.toString();
    }

    private void write(StringBuilder out) {
        out.append('<').append(name);
        attributes.forEach((attribute, value) -> {
            out.append(' ').append(attribute).append("=\"").append(escaped(value)).append('"');
        });
        out.append('>');
        for (Object child : children) {
            if (child instanceof Markup element) {
                element.write(out);
            } else {
                out.append(escaped(String.valueOf(child)));
            }
        }
        out.append("</").append(name).append('>');
    }

    /** The text as a page can hold it, within an element or an attribute. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                // No form of XML can hold these characters.
                default -> out.append(c < ' ' && c != '\n' && c != '\t' ? UNKNOWN : c);
            }
        }
        return out.toString();
    }
}
