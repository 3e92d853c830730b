package io.lowpass.lab.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.generation.GeneratedVideo;
import io.lowpass.generation.VideoPipeline;
import io.lowpass.generation.VideoPlan;
import io.lowpass.lab.ResidentMemory;
import io.lowpass.lab.options.Contender;
import io.lowpass.lab.options.PolicyReader;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.lab.quality.VideoFidelity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Runs the policies alternately on each prompt, after a warm-up, so that drifting machine speed affects all equally.
 */
final class Benchmark implements AutoCloseable {

    private static final int WARM_UP_STEPS = 6;

    private final BenchSettings settings;
    private final VideoPipeline pipeline;
    private final PolicyReader policies;
    private final VideoFidelity fidelity = new VideoFidelity();
    private final NDManager memory = NDManager.newBaseManager("PyTorch");

    Benchmark(BenchSettings settings) {
        this.settings = settings;
        this.policies = PolicyReader.of(settings.model());
        this.pipeline = VideoPipeline.open(settings.model(), settings.precision());
    }

    /**
     * Runs everything.
     *
     * @param each receives the result of each video
     * @return the runs of each policy, in the order of the prompts
     */
    Map<String, List<VideoRun>> run(Consumer<VideoRun> each) {
        List<Contender> contenders = settings.policies().stream()
                .map(text -> Contender.of(text, settings.video().steps()))
                .toList();
        contenders.forEach(this::warmUp);
        Map<String, List<VideoRun>> runs = new LinkedHashMap<>();
        contenders.forEach(policy -> runs.put(policy.label(), new ArrayList<>()));
        for (int prompt = 0; prompt < settings.prompts().size(); prompt++) {
            try (NDManager ofPrompt = memory.newSubManager()) {
                for (VideoRun run : compare(ofPrompt, prompt, contenders, each)) {
                    runs.computeIfAbsent(run.policy(), name -> new ArrayList<>())
                            .add(run);
                }
            }
        }
        return runs;
    }

    /** Runs the first steps of a video and discards the result. */
    private void warmUp(Contender policy) {
        try (NDManager video = memory.newSubManager()) {
            generate(video, policy, 0, (report, latents) -> {
                if (report.step().index() + 1 == WARM_UP_STEPS) {
                    throw new CancellationException("warm");
                }
            });
        } catch (CancellationException warm) {
            // Thrown above, since the rest of the video is not needed.
            return;
        }
    }

    private List<VideoRun> compare(NDManager owner, int prompt, List<Contender> contenders, Consumer<VideoRun> each) {
        List<VideoRun> runs = new ArrayList<>();
        NDArray uncached = null;
        for (Contender policy : contenders) {
            ResidentMemory.resetPeak();
            GeneratedVideo video = generate(owner, policy, prompt, ProgressListener.SILENT);
            long peak = ResidentMemory.peak();
            uncached = uncached == null ? video.frames() : uncached;
            VideoRun run = new VideoRun(
                    policy.label(),
                    prompt,
                    video.steps(),
                    video.denoiseMs(),
                    video.totalMs(),
                    video.macs(),
                    fidelity.psnr(video.frames(), uncached),
                    fidelity.ssim(video.frames(), uncached),
                    peak);
            runs.add(run);
            each.accept(run);
        }
        return runs;
    }

    private GeneratedVideo generate(NDManager owner, Contender policy, int prompt, ProgressListener listener) {
        Prompt ofPrompt = new Prompt(settings.prompts().get(prompt), settings.seed() + prompt);
        VideoPlan plan = settings.video()
                .plan(policy, ofPrompt, policies, pipeline.schedulerConfig(), settings.precision(), warning -> {});
        return pipeline.generate(owner, plan, listener);
    }

    @Override
    public void close() {
        memory.close();
        fidelity.close();
        pipeline.close();
    }
}
