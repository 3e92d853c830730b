package io.lowpass.lab.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An element of HTML or SVG that is built up, then written in a form that both HTML and XML parsers read. */
public final class Markup {

    private static final String SVG = "http://www.w3.org/2000/svg";

    /** Elements that HTML closes by itself; every other one needs its end tag. */
    private static final Set<String> VOID = Set.of("meta", "br", "img", "hr", "col", "link");

    private static final int DECIMALS = 2;
    private static final char UNKNOWN = '\uFFFD';

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Object> children = new ArrayList<>();

    private Markup(String name) {
        this.name = name;
    }

    /** An empty element. */
    public static Markup of(String name) {
        return new Markup(name);
    }

    /** An element with text in it. */
    public static Markup of(String name, String text) {
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
    public Markup with(String attribute, String value) {
        attributes.put(attribute, value);
        return this;
    }

    /** Sets an attribute to a number, rounded to two decimals. */
    public Markup with(String attribute, double value) {
        return with(attribute, number(value));
    }

    /** Appends elements. */
    public Markup add(Markup... elements) {
        return add(List.of(elements));
    }

    /** Appends elements. */
    public Markup add(Collection<Markup> elements) {
        children.addAll(elements);
        return this;
    }

    /** Appends text. */
    public Markup text(String text) {
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
            out.append(' ').append(attribute).append("=\"");
            escape(value, out);
            out.append('"');
        });
        if (VOID.contains(name)) {
            out.append(" />");
            return;
        }
        out.append('>');
        for (Object child : children) {
            if (child instanceof Markup element) {
                element.write(out);
            } else {
                escape(String.valueOf(child), out);
            }
        }
        out.append("</").append(name).append('>');
    }

    private static void escape(String text, StringBuilder out) {
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
    }
}
