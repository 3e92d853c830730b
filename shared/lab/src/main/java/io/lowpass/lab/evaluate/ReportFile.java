package io.lowpass.lab.evaluate;

import io.lowpass.contracts.EventJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report as JSON: all runs and their summaries. */
record ReportFile(Results results, Suite suite, Lineup field, Map<String, String> machine) {

    /** Writes the report, with the measurements for the paper's figures. */
    void write(Map<String, Object> analyses, Path file) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("conditions", results.conditions());
        report.put("machine", machine);
        report.put("pairs", results.pairs().size());
        report.put("leftOut", field.left());
        report.put("warnings", field.warnings());
        report.put("settings", settings());
        report.put("sections", sections());
        report.put("figures", figures());
        report.put("fronts", fronts());
        report.put("atEqualCost", equalCosts());
        report.put("runs", results.runs());
        if (!analyses.isEmpty()) {
            report.put("analyses", analyses);
        }
        EventJson.mapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
    }

    /** By the names that the figures have, too. */
    private Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        field.settings().forEach((name, resolved) -> settings.put(name, resolved.values()));
        return settings;
    }

    /** By the same names. */
    private Map<String, List<String>> sections() {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        suite.sections()
                .keySet()
                .forEach(section -> sections.put(
                        section, suite.names(section, results.conditions().steps())));
        return sections;
    }

    private Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        results.entrants().forEach(entrant -> figures.put(entrant.name(), results.figures(entrant.name())));
        return figures;
    }

    private Map<String, List<String>> fronts() {
        ParetoSection pareto = new ParetoSection(results);
        Map<String, List<String>> fronts = new LinkedHashMap<>();
        ParetoSection.PLOTS.forEach(axes -> fronts.put(name(axes), pareto.front(axes)));
        return fronts;
    }

    private Map<String, Object> equalCosts() {
        EqualCostSection section = new EqualCostSection(results);
        Map<String, Object> all = new LinkedHashMap<>();
        ParetoSection.PLOTS.forEach(axes -> all.put(name(axes), section.differences(axes)));
        return all;
    }

    private static String name(EqualCost axes) {
        return axes.gain() + " by " + axes.cost();
    }
}
