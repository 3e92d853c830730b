package io.lowpass.sampler;

import ai.djl.ndarray.NDArray;
import io.lowpass.contracts.StepCounts;
import io.lowpass.diffusion.ProgressListener;
import io.lowpass.diffusion.StepDecision;
import io.lowpass.diffusion.StepReport;
import java.util.EnumMap;
import java.util.Map;

/** Counts computed, reused and forecast steps, and forwards the reports. */
final class StepCounter implements ProgressListener {

    private final ProgressListener next;
    private final Map<StepDecision.Action, Integer> counts = new EnumMap<>(StepDecision.Action.class);

    StepCounter(ProgressListener next) {
        this.next = next;
    }

    @Override
    public void onStep(StepReport report, NDArray latents) {
        counts.merge(report.decision().action(), 1, Integer::sum);
        next.onStep(report, latents);
    }

    StepCounts counts() {
        int computed = counts.getOrDefault(StepDecision.Action.COMPUTE, 0);
        int reused = counts.getOrDefault(StepDecision.Action.REUSE, 0);
        int forecast = counts.getOrDefault(StepDecision.Action.FORECAST, 0);
        return new StepCounts(computed + reused + forecast, computed, reused, forecast);
    }
}
