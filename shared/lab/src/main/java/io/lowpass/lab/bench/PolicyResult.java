package io.lowpass.lab.bench;

import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.lab.statistics.Summary;
import io.lowpass.lab.statistics.Summary.Better;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * One policy over all prompts: medians of times, means of counts and fidelity, the worst fidelity, the largest memory.
 *
 * @param msPerStep denoising time of a video by its number of steps
 * @param msPerVideoTransformer denoising time of a video
 * @param msPerVideo text encoding, denoising and decoding
 * @param speedup denoising time of the uncached video of the same prompt by this one's: median over prompts
 * @param speedupVideo the same of the whole video
 * @param macs multiply-adds of a video
 * @param psnrMin of the worst video, dB
 * @param peakBytes most memory resident during any of the runs
 */
record PolicyResult(
        String policy,
        int videos,
        double msPerStep,
        double msPerVideoTransformer,
        double msPerVideo,
        double speedup,
        double speedupVideo,
        double computed,
        double reused,
        double forecast,
        double blocks,
        double probes,
        double macs,
        double psnr,
        double psnrMin,
        double ssim,
        double ssimMin,
        long peakBytes) {

    /**
     * Sums up the runs of one policy.
     *
     * @param runs in the order of prompts
     * @param uncached the uncached runs in the same order
     */
    static PolicyResult of(List<VideoRun> runs, List<VideoRun> uncached) {
        return new PolicyResult(
                runs.get(0).policy(),
                runs.size(),
                median(runs, VideoRun::stepMs),
                median(runs, VideoRun::denoiseMs),
                median(runs, VideoRun::totalMs),
                ratio(runs, uncached, VideoRun::denoiseMs),
                ratio(runs, uncached, VideoRun::totalMs),
                mean(runs, run -> run.steps(Action.COMPUTE)),
                mean(runs, run -> run.steps(Action.REUSE)),
                mean(runs, run -> run.steps(Action.FORECAST)),
                mean(runs, run -> run.work().blocks()),
                mean(runs, run -> run.work().probes()),
                mean(runs, VideoRun::macs),
                mean(runs, VideoRun::psnr),
                least(runs, VideoRun::psnr),
                mean(runs, VideoRun::ssim),
                least(runs, VideoRun::ssim),
                runs.stream().mapToLong(VideoRun::peakBytes).max().orElse(0));
    }

    private static double ratio(List<VideoRun> runs, List<VideoRun> uncached, ToDoubleFunction<VideoRun> time) {
        return summary(IntStream.range(0, runs.size())
                        .mapToDouble(i -> time.applyAsDouble(uncached.get(i)) / time.applyAsDouble(runs.get(i))))
                .median();
    }

    private static double median(List<VideoRun> runs, ToDoubleFunction<VideoRun> value) {
        return summary(runs.stream().mapToDouble(value)).median();
    }

    private static double mean(List<VideoRun> runs, ToDoubleFunction<VideoRun> value) {
        return summary(runs.stream().mapToDouble(value)).mean();
    }

    private static double least(List<VideoRun> runs, ToDoubleFunction<VideoRun> value) {
        return summary(runs.stream().mapToDouble(value)).worst();
    }

    /** Of values of which none has to be told apart: a benchmark has no intervals. */
    private static Summary summary(DoubleStream values) {
        return Summary.of(List.of(values.boxed().toList()), Better.HIGHER);
    }
}
