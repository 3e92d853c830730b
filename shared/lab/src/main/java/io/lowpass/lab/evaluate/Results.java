package io.lowpass.lab.evaluate;

import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import io.lowpass.lab.statistics.Summary;
import io.lowpass.lab.statistics.Summary.Better;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The combined results. Only pairs that every entrant has run count, so that all values cover the same prompts and
 * seeds.
 */
final class Results {

    private final EvaluationConditions conditions;
    private final List<Entrant> entrants;
    private final List<RunRecord> runs;
    private final Map<Pair, Map<String, RunRecord>> complete = new HashMap<>();
    private final List<Pair> pairs;

    /**
     * Sorts the runs.
     *
     * @throws IllegalArgumentException if no pair is complete
     */
    Results(EvaluationConditions conditions, List<Entrant> entrants, List<RunRecord> runs) {
        this.conditions = conditions;
        this.entrants = List.copyOf(entrants);
        this.runs = List.copyOf(runs);
        for (Pair pair : conditions.pairs()) {
            Map<String, RunRecord> ofPair = new HashMap<>();
            runs.stream().filter(run -> run.isOf(pair)).forEach(run -> ofPair.put(run.policy(), run));
            if (entrants.stream().allMatch(entrant -> ofPair.containsKey(entrant.name()))) {
                complete.put(pair, ofPair);
            }
        }
        pairs = conditions.pairs().stream().filter(complete::containsKey).toList();
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("no prompt has been run under every policy yet; run again to continue");
        }
    }

    EvaluationConditions conditions() {
        return conditions;
    }

    /** All entrants, the uncached run first. */
    List<Entrant> entrants() {
        return entrants;
    }

    boolean has(String policy) {
        return entrants.stream().anyMatch(entrant -> entrant.name().equals(policy));
    }

    /** All runs, including those of incomplete pairs. */
    List<RunRecord> runs() {
        return runs;
    }

    /** The complete pairs. */
    List<Pair> pairs() {
        return pairs;
    }

    RunRecord run(Pair pair, String policy) {
        return Objects.requireNonNull(Objects.requireNonNull(complete.get(pair)).get(policy));
    }

    /** A metric over all pairs; empty if it was not measured. */
    Optional<Summary> figure(String policy, Metric metric) {
        boolean measured =
                pairs.stream().allMatch(pair -> value(pair, policy, metric).isPresent());
        return measured
                ? Optional.of(summary(pair -> value(pair, policy, metric).orElseThrow(), metric.better()))
                : Optional.empty();
    }

    /** All metrics of an entrant. */
    Map<Metric, Summary> figures(String policy) {
        Map<Metric, Summary> figures = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            figure(policy, metric).ifPresent(summary -> figures.put(metric, summary));
        }
        return figures;
    }

    Optional<Double> value(Pair pair, String policy, Metric metric) {
        return metric.of(run(pair, policy), run(pair, Entrant.UNCACHED));
    }

    /** The complete pairs, grouped by prompt. */
    List<List<Pair>> prompts() {
        return List.copyOf(pairs.stream()
                .collect(Collectors.groupingBy(Pair::prompt, TreeMap::new, Collectors.toList()))
                .values());
    }

    /** Summarises a metric, with prompts as clusters. */
    Summary summary(Function<Pair, Double> figure, Better better) {
        return Summary.of(
                prompts().stream()
                        .map(ofPrompt -> ofPrompt.stream().map(figure).toList())
                        .toList(),
                better);
    }
}
