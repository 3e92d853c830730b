package io.lowpass.caching.taylor;

import ai.djl.ndarray.NDArray;
import io.lowpass.caching.Forecast;
import io.lowpass.caching.Forecast.Form;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Computes at fixed intervals, and forecasts every sub-layer in between from its earlier outputs in the same branch.
 *
 * <p>As in the reference, the first interval after the warm-up is shorter by {@code interval - 2} steps: step {@code s}
 * is computed where {@code s - warmUp - 1} is a multiple of the interval.
 *
 * @param interval distance of computed steps; 1 never forecasts
 * @param warmUp number of steps at the start that are always computed
 * @param order order of the forecast; 0 reuses the last output
 * @param form kind of forecast
 * @param scope what is forecast
 * @param end number of steps at the end that are always computed
 */
public record TaylorSeer(int interval, int warmUp, int order, Form form, Scope scope, int end) implements CachePolicy {

    private static final int HIGHEST = 4;

    /** What is forecast. */
    public enum Scope {
        /** Each sub-layer, before its gate. */
        SUB_LAYERS,
        /** The prediction of each branch ("lite"): guidance may differ from step to step. */
        PREDICTION
    }

    public TaylorSeer {
        SettingChecks.requireAtLeast("interval", interval, 1);
        SettingChecks.requireAtLeast("warmUp", warmUp, 1);
        SettingChecks.requireAtLeast("order", order, 0);
        if (order > HIGHEST) {
            throw new IllegalArgumentException("order " + order + " is above " + HIGHEST);
        }
        SettingChecks.requireAtLeast("end", end, 0);
    }

    /** Settings without computed steps at the end. */
    public TaylorSeer(int interval, int warmUp, int order, Form form, Scope scope) {
        this(interval, warmUp, order, form, scope, 0);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireStepsAfter(warmUp + end, steps);
        if (scope == Scope.SUB_LAYERS && model.subLayers().isEmpty()) {
            throw new IllegalArgumentException("scope subLayers: the blocks of this model are opaque");
        }
    }

    @Override
    public FeatureCache open(Generation generation) {
        return scope == Scope.SUB_LAYERS ? new SubLayerSession(generation) : new PredictionSession(generation);
    }

    private boolean isComputed(Step step) {
        return step.index() < warmUp
                || (step.index() - warmUp - 1) % interval == 0
                || step.index() >= step.count() - end;
    }

    private StepDecision decided(Step step) {
        if (isComputed(step)) {
            return StepDecision.computed(step.index() < warmUp ? "warm-up" : "schedule");
        }
        return StepDecision.of(order == 0 ? Action.REUSE : Action.FORECAST, "schedule");
    }

    private final class SubLayerSession implements FeatureCache {

        private final Generation generation;
        private final PerBranch<Map<Site, Forecast>> series = new PerBranch<>(HashMap::new);

        SubLayerSession(Generation generation) {
            this.generation = generation;
        }

        @Override
        public Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
            Forecast known =
                    series.of(branch).computeIfAbsent(site, unmet -> new Forecast(generation.memory(), order, form));
            return isComputed(step) ? known.update(step.index(), compute.get()) : known.at(step.index());
        }

        @Override
        public boolean worksOnSubLayers() {
            return true;
        }

        @Override
        public StepDecision decision(Step step) {
            return decided(step);
        }
    }

    private final class PredictionSession implements FeatureCache {

        private final boolean guided;
        private final PerBranch<Forecast> series;

        PredictionSession(Generation generation) {
            guided = generation.model().branches().size() > 1;
            series = new PerBranch<>(() -> new Forecast(generation.memory(), order, form));
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            NDArray conditioned = predict(step, prediction, Branch.CONDITIONED);
            return guided
                    ? prediction.guide(conditioned, predict(step, prediction, Branch.UNCONDITIONED))
                    : conditioned;
        }

        private NDArray predict(Step step, Prediction prediction, Branch branch) {
            Forecast known = series.of(branch);
            Features predicted = isComputed(step)
                    ? known.update(step.index(), Features.of(prediction.branch(branch)))
                    : known.at(step.index());
            return predicted.video();
        }

        @Override
        public StepDecision decision(Step step) {
            return decided(step);
        }
    }
}
