package io.lowpass.caching.precise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.caching.Forecast;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.steps.Step;

/** Keeps computed predictions of one generation and derives the reused ones. */
final class ReusedPrediction {

    private final Reuse reuse;
    private final Forecast kept;

    ReusedPrediction(NDManager memory, Reuse reuse) {
        this.reuse = reuse;
        this.kept = new Forecast(memory, reuse.order(), Forecast.Form.NEWTON);
    }

    /** Keeps, and returns, the prediction of a step that was computed from {@code latents}. */
    NDArray computed(Step step, NDArray latents, NDArray prediction) {
        NDArray value = reuse == Reuse.RESIDUAL ? prediction.sub(latents) : prediction;
        kept.update(position(step), Features.of(value));
        return prediction;
    }

    /** The prediction of a step that is not computed. */
    NDArray reused(Step step, NDArray latents) {
        NDArray value = kept.at(position(step)).video();
        return reuse == Reuse.RESIDUAL ? value.add(latents) : value;
    }

    private double position(Step step) {
        return reuse.isBySteps() ? step.index() : step.sigma();
    }
}
