package io.lowpass.lab.bench;

import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import java.util.List;

/**
 * One generated video.
 *
 * @param prompt index of the prompt
 * @param steps the report of every step
 * @param denoiseMs wall time of all steps
 * @param totalMs wall time of text encoding, denoising and decoding
 * @param macs multiply-adds, as {@code VideoModel.cost} counts them
 * @param psnr to the uncached video of the same prompt and seed, dB
 * @param ssim likewise
 * @param peakBytes most memory that was resident during the run
 */
record VideoRun(
        String policy,
        int prompt,
        List<StepReport> steps,
        double denoiseMs,
        double totalMs,
        double macs,
        double psnr,
        double ssim,
        long peakBytes) {

    long steps(StepDecision.Action kind) {
        return steps.stream().filter(step -> step.decision().action() == kind).count();
    }

    Work work() {
        return steps.stream().map(StepReport::work).reduce(Work.NONE, Work::plus);
    }

    double stepMs() {
        return denoiseMs / steps.size();
    }
}
