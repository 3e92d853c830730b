package io.lowpass.local.evaluate;

import io.lowpass.quality.statistics.Summary;
import io.lowpass.quality.statistics.Summary.Better;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How much better a policy is than a family of others at the same cost: the family's fidelity there lies on a straight line
 * between its two members whose mean costs are next to the policy's, pair by pair.
 *
 * @param cost what is equal
 * @param gain what is compared
 */
record EqualCost(Metric cost, Metric gain) {

    /** A member of a family with its mean cost. */
    private record Member(String name, double cost) {}

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
                double share = (own - below.cost()) / (above.cost() - below.cost());
                return between(results, policy, below.name(), above.name(), share);
            }
        }
        return Optional.empty();
    }

    private Optional<Summary> between(Results results, String policy, String below, String above, double share) {
        boolean measured = List.of(policy, below, above).stream()
                .allMatch(name -> results.figure(name, gain).isPresent());
        if (!measured) {
            return Optional.empty();
        }
        return Optional.of(results.summary(
                pair -> {
                    double low = results.value(pair, below, gain).orElseThrow();
                    double high = results.value(pair, above, gain).orElseThrow();
                    return results.value(pair, policy, gain).orElseThrow() - (low + share * (high - low));
                },
                Better.HIGHER));
    }

    private double mean(Results results, String name) {
        return results.figure(name, cost).orElseThrow().mean();
    }
}
