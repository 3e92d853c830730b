package io.lowpass.lab.calibrate;

import io.lowpass.caching.tea.TeaCache;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Fitted options of a method.
 *
 * @param method name of the method in requests
 * @param options options as in a request
 * @param fit quality of the fit
 */
record Constants(String method, Map<String, Object> options, Map<String, Object> fit) {

    private static final int DEGREE = 4;
    private static final double DIGITS = 1e6;

    /** For a method with no constants but its threshold. */
    static Constants none(String method) {
        return new Constants(method, Map.of(), Map.of());
    }

    /** A copy with one more option. */
    Constants with(String option, double value) {
        Map<String, Object> more = new LinkedHashMap<>(options);
        more.put(option, value);
        return new Constants(method, more, fit);
    }

    /**
     * TeaCache's polynomials (Liu et al., 2025): relative change of the prediction over that of a signal, fitted by
     * least squares over the steps at which the method decides. One for each signal of the model; the time projection
     * belongs to the mode that always computes the first steps, as in the authors' code for Wan.
     *
     * @throws IllegalArgumentException if the signal changes equally at too many steps
     */
    static List<Constants> tea(List<StepChange> changes) {
        List<Constants> variants = new ArrayList<>();
        for (Signal signal : List.of(Signal.TIME, Signal.TIME_PROJECTION, Signal.INPUT)) {
            if (changes.stream().allMatch(change -> change.signals().containsKey(signal))) {
                variants.add(tea(changes, signal));
            }
        }
        return variants;
    }

    private static Constants tea(List<StepChange> changes, Signal signal) {
        boolean retention = signal == Signal.TIME_PROJECTION;
        Predicate<StepChange> decided =
                retention ? change -> change.ofExpert() >= TeaCache.RETAINED : change -> !change.isLast();
        List<StepChange> points = changes.stream().filter(decided).toList();
        double[] xs = points.stream()
                .mapToDouble(change ->
                        Optional.ofNullable(change.signals().get(signal)).orElseThrow())
                .toArray();
        PolynomialFit fit = PolynomialFit.of(
                xs, points.stream().mapToDouble(StepChange::output).toArray(), DEGREE);
        Map<String, Object> options = new LinkedHashMap<>();
        if (retention) {
            options.put("retention", true);
        }
        options.put("signal", label(signal));
        options.put("coefficients", fit.coefficients());
        double negative = DoubleStream.of(xs).filter(x -> fit.at(x) < 0).count();
        Map<String, Object> quality = new LinkedHashMap<>();
        quality.put("r2", rounded(fit.r2()));
        quality.put("rmse", rounded(fit.rmse()));
        quality.put("points", fit.points());
        quality.put("shareNegative", rounded(negative / xs.length));
        return new Constants("teacache", options, quality);
    }

    /**
     * MagCache's curves (Ma et al., 2025): for each step the norm of the residual relative to the step before, averaged
     * over tokens and prompts; 1 at step 0 and where another expert takes over.
     */
    static Constants mag(List<StepChange> changes) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("ratios", curve(changes, Branch.CONDITIONED));
        if (changes.stream().anyMatch(change -> change.branch() == Branch.UNCONDITIONED)) {
            options.put("unconditionedRatios", curve(changes, Branch.UNCONDITIONED));
        }
        return new Constants("magcache", options, Map.of("worstSpread", rounded(worstSpread(changes))));
    }

    private static List<Double> curve(List<StepChange> changes, Branch branch) {
        TreeMap<Integer, List<Double>> magnitudes = magnitudes(changes, branch);
        return IntStream.range(0, changes.get(0).steps().total())
                .mapToObj(step -> rounded(mean(magnitudes.getOrDefault(step, List.of(1.0)))))
                .toList();
    }

    /** The largest deviation of a prompt's magnitude from the mean of its step. */
    private static double worstSpread(List<StepChange> changes) {
        return changes.stream()
                .map(StepChange::branch)
                .distinct()
                .flatMap(branch -> magnitudes(changes, branch).values().stream())
                .flatMapToDouble(prompts -> prompts.stream().mapToDouble(one -> Math.abs(one - mean(prompts))))
                .max()
                .orElse(0);
    }

    private static TreeMap<Integer, List<Double>> magnitudes(List<StepChange> changes, Branch branch) {
        return changes.stream()
                .filter(change -> change.branch() == branch)
                .collect(Collectors.groupingBy(
                        StepChange::step,
                        TreeMap::new,
                        Collectors.mapping(StepChange::magnitude, Collectors.toList())));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double rounded(double value) {
        return Math.rint(value * DIGITS) / DIGITS;
    }

    private static String label(Signal signal) {
        return switch (signal) {
            case INPUT -> "input";
            case TIME -> "time";
            case TIME_PROJECTION -> "timeProjection";
        };
    }
}
