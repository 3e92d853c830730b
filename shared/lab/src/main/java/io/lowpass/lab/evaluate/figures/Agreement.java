package io.lowpass.lab.evaluate.figures;

import io.lowpass.lab.statistics.Summary;
import io.lowpass.lab.statistics.Summary.Better;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * The rank correlation of two figures over the steps: Spearman's coefficient per prompt, summarised over prompts.
 *
 * @param figure the predicting figure
 * @param of the predicted figure
 * @param coefficients mean, spread, worst and interval; empty if it is undefined for any prompt, because a figure is
 *     constant or has fewer than two steps
 */
record Agreement(String figure, String of, Optional<Summary> coefficients) {

    private static final String INFLUENCE = "influence of reusing the step (Figure 3)";
    /** Equal values share the mean of their ranks; what is no number leaves the coefficient undefined. */
    private static final NaturalRanking RANKING = new NaturalRanking(NaNStrategy.FIXED, TiesStrategy.AVERAGE);

    private static final String FULL = "low-frequency difference at full size (Figure 4)";

    /** Agreement of differences with the influence, over the steps whose prediction was reused. */
    static List<Agreement> withInfluence(List<PromptFigures> prompts) {
        List<Agreement> all = new ArrayList<>();
        all.add(influence("difference, whole", prompts, one -> one.distances().whole()));
        all.add(influence("difference, low", prompts, one -> one.distances().low()));
        all.add(influence("difference, high", prompts, one -> one.distances().high()));
        all.add(influence(
                "difference, whole, times the step's length",
                prompts,
                one -> timesStride(one, one.distances().whole())));
        all.add(influence(
                "difference, low, times the step's length",
                prompts,
                one -> timesStride(one, one.distances().low())));
        resolutions(prompts)
                .forEach(resolution -> all.add(influence(
                        "probe " + resolution + " to the cached prediction",
                        prompts,
                        one -> probe(one, resolution).cached())));
        return all;
    }

    /** Agreement of probes with the difference at full size, over all steps. */
    static List<Agreement> ofProbes(List<PromptFigures> prompts) {
        List<Agreement> all = new ArrayList<>();
        for (String resolution : resolutions(prompts)) {
            all.add(full(
                    resolution + " to the cached prediction",
                    prompts,
                    one -> probe(one, resolution).cached()));
            all.add(full(
                    resolution + " to the probe before",
                    prompts,
                    one -> probe(one, resolution).trial()));
        }
        return all;
    }

    private static Agreement influence(
            String name, List<PromptFigures> prompts, Function<PromptFigures, List<Double>> figure) {
        return of(name, INFLUENCE, prompts, one -> {
            double[] values = one.influences().stream()
                    .mapToDouble(influence -> figure.apply(one).get(influence.step() - 1))
                    .toArray();
            double[] effects =
                    one.influences().stream().mapToDouble(Influence::whole).toArray();
            return coefficient(values, effects);
        });
    }

    private static Agreement full(
            String name, List<PromptFigures> prompts, Function<PromptFigures, List<Double>> figure) {
        return of(
                name,
                FULL,
                prompts,
                one -> coefficient(
                        array(figure.apply(one)), array(one.distances().low())));
    }

    private static Agreement of(
            String name, String of, List<PromptFigures> prompts, Function<PromptFigures, Double> coefficient) {
        List<Double> each = prompts.stream().map(coefficient).toList();
        return new Agreement(
                name,
                of,
                each.stream().allMatch(Double::isFinite)
                        ? Optional.of(Summary.of(each.stream().map(List::of).toList(), Better.HIGHER))
                        : Optional.empty());
    }

    /** NaN for fewer than two steps. */
    private static double coefficient(double[] values, double[] effects) {
        return values.length < 2 ? Double.NaN : new SpearmansCorrelation(RANKING).correlation(values, effects);
    }

    private static List<Double> timesStride(PromptFigures one, List<Double> values) {
        List<Double> products = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            products.add(values.get(i) * one.strides().get(i));
        }
        return products;
    }

    private static List<String> resolutions(List<PromptFigures> prompts) {
        return prompts.stream()
                .flatMap(one -> one.probes().stream())
                .map(ProbeDistances::resolution)
                .distinct()
                .toList();
    }

    private static ProbeDistances probe(PromptFigures one, String resolution) {
        return one.probes().stream()
                .filter(probe -> probe.resolution().equals(resolution))
                .findFirst()
                .orElseThrow();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
