package io.lowpass.local.evaluate;

import io.lowpass.quality.plot.Markup;
import io.lowpass.quality.statistics.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every policy against whole families of others at equal cost. */
record EqualCostSection(Results results) {

    private static final int DIGITS = 2;

    /** Families that others are held against: fewer steps, and TeaCache, which the paper names as the best rival. */
    private static boolean isBaseline(Entrant entrant) {
        return entrant.contender().isControl() || entrant.family().equals("teacache");
    }

    /** Names by family, of families with at least two members. */
    Map<String, List<String>> families() {
        Map<String, List<String>> families = new LinkedHashMap<>();
        results.entrants().stream()
                .filter(EqualCostSection::isBaseline)
                .filter(entrant -> !results.conditions().reference().equals(Optional.of(entrant.name())))
                .map(Entrant::family)
                .distinct()
                .forEach(family -> families.put(family, members(family)));
        families.values().removeIf(members -> members.size() < 2);
        return families;
    }

    private List<String> members(String family) {
        return results.entrants().stream()
                .filter(entrant -> entrant.family().equals(family))
                .map(Entrant::name)
                .filter(name -> !results.conditions().reference().equals(Optional.of(name)))
                .toList();
    }

    /** A table of differences; empty without families, or where none has members around any policy. */
    Optional<Markup> table(EqualCost measure) {
        Map<String, List<String>> families = families();
        Markup body = Markup.of("tbody");
        boolean any = false;
        for (Entrant entrant : results.entrants()) {
            if (entrant.isUncached() && measure.gain().isFidelity()) {
                continue;
            }
            Markup row = Markup.of("tr").add(Markup.of("th", entrant.name()).with("scope", "row"));
            boolean compared = false;
            for (Map.Entry<String, List<String>> family : families.entrySet()) {
                Optional<Summary> difference = family.getKey().equals(entrant.family())
                        ? Optional.empty()
                        : measure.difference(results, entrant.name(), family.getValue());
                compared |= difference.isPresent();
                row.add(difference.map(EqualCostSection::cell).orElseGet(() -> Markup.of("td", "–")));
            }
            if (compared) {
                body.add(row);
                any = true;
            }
        }
        Markup caption = Markup.of(
                "caption",
                "Difference in " + measure.gain().label() + " at equal "
                        + measure.cost().title().toLowerCase(java.util.Locale.ROOT) + ", n = "
                        + results.pairs().size() + "; – where the family has no members on both sides");
        return any
                ? Optional.of(ReportTables.scrolling(Markup.of("table")
                        .add(caption, ReportTables.head("Policy", List.copyOf(families.keySet())), body)))
                : Optional.empty();
    }

    private static Markup cell(Summary difference) {
        boolean better =
                difference.interval().filter(interval -> interval.low() > 0).isPresent();
        boolean worse =
                difference.interval().filter(interval -> interval.high() < 0).isPresent();
        return ReportTables.cell(difference, DIGITS).with("class", better ? "better" : worse ? "worse" : "open");
    }
}
