package io.lowpass.lab.evaluate;

import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import io.lowpass.lab.statistics.Bootstrap;
import io.lowpass.lab.statistics.Bootstrap.Interval;
import io.lowpass.lab.statistics.Summary;
import io.lowpass.lab.statistics.Summary.Better;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares a policy with a family of others at equal cost. The family's fidelity is interpolated linearly, pair by
 * pair, between the two members whose mean costs enclose the policy's. The weights depend on mean costs, which are
 * uncertain like fidelity, so the bootstrap resamples both together.
 *
 * @param cost the cost metric
 * @param gain the fidelity metric
 */
record EqualCost(Metric cost, Metric gain) {

    /** A member of a family with its mean cost. */
    private record Member(String name, double cost) {}

    /** A policy, and the family members with the next lower and higher cost. */
    private record Interpolation(String policy, String below, String above) {

        List<String> names() {
            return List.of(policy, below, above);
        }

        /** The relative position of the policy's mean cost between the two, 0 to 1. */
        static double share(double own, double below, double above) {
            return (own - below) / (above - below);
        }

        static double difference(double own, double below, double above, double share) {
            return own - (below + share * (above - below));
        }
    }

    /**
     * The mean difference, positive if the policy is better; empty if the family does not enclose its cost, or a metric
     * was not measured.
     *
     * @param policy name of the policy
     * @param family names of the others
     */
    Optional<Summary> difference(Results results, String policy, List<String> family) {
        double own = mean(results, policy);
        List<Member> members = family.stream()
                .map(name -> new Member(name, mean(results, name)))
                .sorted(Comparator.comparingDouble(Member::cost))
                .toList();
        for (int i = 0; i + 1 < members.size(); i++) {
            Member below = members.get(i);
            Member above = members.get(i + 1);
            if (below.cost() <= own && own <= above.cost() && below.cost() < above.cost()) {
                double share = Interpolation.share(own, below.cost(), above.cost());
                return between(results, new Interpolation(policy, below.name(), above.name()), share);
            }
        }
        return Optional.empty();
    }

    private Optional<Summary> between(Results results, Interpolation line, double share) {
        if (!line.names().stream().allMatch(name -> results.figure(name, gain).isPresent())) {
            return Optional.empty();
        }
        Summary differences = results.summary(
                pair -> Interpolation.difference(
                        value(results, pair, line.policy(), gain),
                        value(results, pair, line.below(), gain),
                        value(results, pair, line.above(), gain),
                        share),
                Better.HIGHER);
        return Optional.of(differences.with(interval(results, line)));
    }

    /** Resamples whole prompts, and interpolates anew each time. */
    private Optional<Interval> interval(Results results, Interpolation line) {
        List<List<Pair>> prompts = results.prompts();
        List<double[]> sums =
                prompts.stream().map(pairs -> sums(results, pairs, line)).toList();
        return Bootstrap.of(
                prompts.size(),
                drawn -> {
                    double[] sum = new double[2 * line.names().size()];
                    int count = 0;
                    for (int prompt : drawn) {
                        count += prompts.get(prompt).size();
                        for (int i = 0; i < sum.length; i++) {
                            sum[i] += sums.get(prompt)[i];
                        }
                    }
                    double share = Interpolation.share(sum[0], sum[1], sum[2]);
                    return Interpolation.difference(sum[3], sum[4], sum[5], share) / count;
                },
                Summary.LEVEL);
    }

    /** For one prompt: the costs of the policy and both members, and their gains. */
    private double[] sums(Results results, List<Pair> pairs, Interpolation line) {
        return Stream.of(cost, gain)
                .flatMapToDouble(metric -> line.names().stream()
                        .mapToDouble(name -> pairs.stream()
                                .mapToDouble(pair -> value(results, pair, name, metric))
                                .sum()))
                .toArray();
    }

    private static double value(Results results, Pair pair, String name, Metric metric) {
        return results.value(pair, name, metric).orElseThrow();
    }

    private double mean(Results results, String name) {
        return results.figure(name, cost).orElseThrow().mean();
    }
}
