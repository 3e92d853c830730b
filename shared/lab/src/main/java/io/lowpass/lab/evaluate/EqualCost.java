package io.lowpass.lab.evaluate;

import io.lowpass.lab.evaluate.Conditions.Pair;
import io.lowpass.lab.statistics.Bootstrap;
import io.lowpass.lab.statistics.Bootstrap.Interval;
import io.lowpass.lab.statistics.Summary;
import io.lowpass.lab.statistics.Summary.Better;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much better a policy is than a family of others at the same cost: the family's fidelity there lies on a straight line
 * between its two members whose mean costs are next to the policy's, pair by pair. Where on the line follows from mean costs,
 * which are as uncertain as fidelity is: the interval's resamples draw both together.
 *
 * @param cost what is equal
 * @param gain what is compared
 */
record EqualCost(Metric cost, Metric gain) {

    /** A member of a family with its mean cost. */
    private record Member(String name, double cost) {}

    /** A policy, and the family's members that cost next to it. */
    private record Line(String policy, String below, String above) {

        List<String> names() {
            return List.of(policy, below, above);
        }

        /** Where between the two the policy's cost is, 0 to 1 by their mean costs. */
        static double share(double own, double below, double above) {
            return (own - below) / (above - below);
        }

        static double difference(double own, double below, double above, double share) {
            return own - (below + share * (above - below));
        }
    }

    /**
     * The mean difference, positive where the policy is better; empty if the family has no members on both sides, or
     * either was not measured.
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
                double share = Line.share(own, below.cost(), above.cost());
                return between(results, new Line(policy, below.name(), above.name()), share);
            }
        }
        return Optional.empty();
    }

    private Optional<Summary> between(Results results, Line line, double share) {
        if (!line.names().stream().allMatch(name -> results.figure(name, gain).isPresent())) {
            return Optional.empty();
        }
        Summary differences = results.summary(
                pair -> Line.difference(
                        value(results, pair, line.policy(), gain),
                        value(results, pair, line.below(), gain),
                        value(results, pair, line.above(), gain),
                        share),
                Better.HIGHER);
        return Optional.of(differences.with(interval(results, line)));
    }

    /** Whole prompts are drawn, and the line is laid anew through what they cost and gain. */
    private Optional<Interval> interval(Results results, Line line) {
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
                    double share = Line.share(sum[0], sum[1], sum[2]);
                    return Line.difference(sum[3], sum[4], sum[5], share) / count;
                },
                Summary.LEVEL);
    }

    /** Of a prompt: the costs of policy, member below and member above, and their gains. */
    private double[] sums(Results results, List<Pair> pairs, Line line) {
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
