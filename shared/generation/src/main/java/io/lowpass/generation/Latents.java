package io.lowpass.generation;

import ai.djl.ndarray.NDArray;
import io.lowpass.contracts.StepCounts;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.diffusion.steps.StepReport;
import java.util.List;
import java.util.Map;

/**
 * What denoising ends with.
 *
 * @param frames normalised latents as the sampler leaves them, shape (1, channels, frames, height, width), f32
 * @param reports one for each step
 * @param encodeMs wall time of text encoding
 * @param denoiseMs wall time of all steps
 */
public record Latents(NDArray frames, List<StepReport> reports, double encodeMs, double denoiseMs)
        implements AutoCloseable {

    public Latents {
        reports = List.copyOf(reports);
    }

    /** Milliseconds by stage: text, denoise. */
    public Map<String, Long> timings() {
        return Map.of("text", (long) encodeMs, "denoise", (long) denoiseMs);
    }

    /** Steps by what became of them. */
    public StepCounts steps() {
        return new StepCounts(reports.size(), count(Action.COMPUTE), count(Action.REUSE), count(Action.FORECAST));
    }

    private int count(Action action) {
        return (int) reports.stream()
                .filter(report -> report.decision().action() == action)
                .count();
    }

    @Override
    public void close() {
        frames.close();
    }
}
