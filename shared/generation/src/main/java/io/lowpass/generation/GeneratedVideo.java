package io.lowpass.generation;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import java.util.List;

/**
 * A video and what it took.
 *
 * @param frames uint8, shape (frames, 3, height, width)
 * @param steps the report of every step
 * @param encodeMs wall time of text encoding
 * @param denoiseMs wall time of all steps
 * @param decodeMs wall time of the VAE
 * @param macs multiply-adds of the transformer, as {@code VideoModel.cost} counts them
 */
public record GeneratedVideo(
        NDArray frames, List<StepReport> steps, double encodeMs, double denoiseMs, double decodeMs, double macs) {

    /** The total computation. */
    public Work work() {
        return steps.stream().map(StepReport::work).reduce(Work.NONE, Work::plus);
    }

    /** Number of steps with this action. */
    public int steps(StepDecision.Action kind) {
        return (int)
                steps.stream().filter(step -> step.decision().action() == kind).count();
    }

    /** Total wall time. */
    public double totalMs() {
        return encodeMs + denoiseMs + decodeMs;
    }
}
