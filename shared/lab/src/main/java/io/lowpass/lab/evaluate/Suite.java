package io.lowpass.lab.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The compared policies, grouped by table.
 *
 * @param sections policies in the forms of {@code --policies}
 */
record Suite(Map<String, List<String>> sections) {

    /** Everything for the paper's tables and the Pareto front. */
    static final String PAPER = "paper";

    /** The included suites. */
    static final List<String> NAMES = List.of(PAPER, "brief");

    /** The comparison of methods. */
    static final String METHODS = "table 1";

    /** Sizes of the probe. */
    static final String SIZES = "table 3";

    /** Strategies for steps that are not computed. */
    static final String REUSE = "table 4";

    Suite {
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    }

    /** The given policies, all in the first table. */
    static Suite of(List<String> policies) {
        return new Suite(Map.of(METHODS, policies));
    }

    /**
     * An included suite.
     *
     * @throws IllegalArgumentException if there is none with that name
     */
    static Suite named(String name) throws IOException {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("--suite is '" + name + "', allowed is " + String.join(" or ", NAMES));
        }
        try (InputStream in = Objects.requireNonNull(Suite.class.getResourceAsStream(name + ".suite"))) {
            return read(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines());
        }
    }

    /** A section begins with its name in brackets; empty lines and comments after a number sign are ignored. */
    static Suite read(Stream<String> lines) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> section = List.of();
        for (String line : lines.map(String::strip)
                .filter(text -> !text.isEmpty() && !text.startsWith("#"))
                .toList()) {
            if (line.startsWith("[")) {
                section = sections.computeIfAbsent(line.substring(1, line.length() - 1), name -> new ArrayList<>());
            } else {
                section.add(line);
            }
        }
        return new Suite(sections);
    }

    /** A copy with more policies in the first table. */
    Suite and(List<String> policies) {
        Map<String, List<String>> more = new LinkedHashMap<>(sections);
        more.merge(
                METHODS,
                policies,
                (one, other) ->
                        Stream.concat(one.stream(), other.stream()).distinct().toList());
        return new Suite(more);
    }

    /** Every entrant once, the uncached run first. */
    List<Entrant> entrants(int steps) {
        Map<String, Entrant> byName = new LinkedHashMap<>();
        Stream.concat(Stream.of(Entrant.UNCACHED), sections.values().stream().flatMap(List::stream))
                .map(text -> Entrant.of(text, steps))
                .forEach(entrant -> byName.putIfAbsent(entrant.name(), entrant));
        return List.copyOf(byName.values());
    }

    /** The names of a section's entrants. */
    List<String> names(String section, int steps) {
        return sections.getOrDefault(section, List.of()).stream()
                .map(text -> Entrant.of(text, steps).name())
                .distinct()
                .toList();
    }
}
