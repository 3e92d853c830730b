package io.lowpass.lab.evaluate;

import io.lowpass.lab.plot.Markup;
import io.lowpass.lab.statistics.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares every policy with whole families at equal cost. */
record EqualCostSection(Results results) {

    private static final int DIGITS = 2;

    /** The baseline families: fewer steps, and TeaCache, the strongest competitor in the paper. */
    private static boolean isBaseline(Entrant entrant) {
        return entrant.contender().isControl() || entrant.family().equals("teacache");
    }

    /** Names of families with at least two members. */
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

    /** The uncached run extends the family with fewer steps, unless fidelity is measured against it. */
    private static List<String> members(Map.Entry<String, List<String>> family, EqualCost measure) {
        boolean goesOn =
                family.getKey().equals(Entrant.OTHER_STEPS) && !measure.gain().isFidelity();
        return goesOn
                ? Stream.concat(family.getValue().stream(), Stream.of(Entrant.UNCACHED))
                        .toList()
                : family.getValue();
    }

    /** All available differences, by policy and family. */
    Map<String, Map<String, Summary>> differences(EqualCost measure) {
        Map<String, Map<String, Summary>> differences = new LinkedHashMap<>();
        for (Entrant entrant : results.entrants()) {
            Map<String, Summary> ofEntrant = new LinkedHashMap<>();
            if (!entrant.isUncached() && !results.conditions().reference().equals(Optional.of(entrant.name()))) {
                families().entrySet().stream()
                        .filter(family -> !family.getKey().equals(entrant.family()))
                        .forEach(family -> measure.difference(results, entrant.name(), members(family, measure))
                                .ifPresent(summary -> ofEntrant.put(family.getKey(), summary)));
            }
            if (!ofEntrant.isEmpty()) {
                differences.put(entrant.name(), ofEntrant);
            }
        }
        return differences;
    }

    /** A table of differences; empty if there are none. */
    Optional<Markup> table(EqualCost measure) {
        Map<String, Map<String, Summary>> differences = differences(measure);
        if (differences.isEmpty()) {
            return Optional.empty();
        }
        List<String> families = List.copyOf(families().keySet());
        Markup body = Markup.of("tbody");
        differences.forEach((name, against) -> {
            Markup row = Markup.of("tr").add(Markup.of("th", name).with("scope", "row"));
            families.forEach(family -> row.add(Optional.ofNullable(against.get(family))
                    .map(EqualCostSection::cell)
                    .orElseGet(() -> Markup.of("td", "–"))));
            body.add(row);
        });
        String cost = measure.cost().title().toLowerCase(Locale.ROOT);
        Markup caption = Markup.of(
                "caption",
                "Difference in " + measure.gain().label() + " at equal " + cost + ", n = "
                        + results.pairs().size()
                        + "; – if the family does not enclose the cost. Last, the 95 % interval of the mean"
                        + "" + ReportTables.lacking(results));
        return Optional.of(
                ReportTables.scrolling(Markup.of("table").add(caption, ReportTables.head("Policy", families), body)));
    }

    private static Markup cell(Summary difference) {
        boolean better =
                difference.interval().filter(interval -> interval.low() > 0).isPresent();
        boolean worse =
                difference.interval().filter(interval -> interval.high() < 0).isPresent();
        return ReportTables.cell(difference, DIGITS).with("class", better ? "better" : worse ? "worse" : "open");
    }
}
