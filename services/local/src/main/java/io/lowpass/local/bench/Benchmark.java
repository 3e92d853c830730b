package io.lowpass.local.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.settings.profiles.Conditions;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.StepReport;
import io.lowpass.diffusion.TransformerCost;
import io.lowpass.diffusion.Work;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.local.options.CacheOption;
import io.lowpass.local.options.PolicyReader;
import io.lowpass.local.pipeline.WholePipeline;
import io.lowpass.quality.VideoFidelity;
import io.lowpass.tensor.Noise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs policies in turn on each prompt, warm, so that a machine whose speed drifts treats them alike. */
final class Benchmark implements AutoCloseable {

    private static final int WARM_UP_STEPS = 6;
    // Frames are compared, not played; a model that is told a rate is told this one.
    private static final double FPS = 16;
    private static final double NANOS_PER_MS = 1e6;

    private final BenchSettings settings;
    private final WholePipeline pipeline;
    private final PolicyReader policies;
    private final VideoFidelity fidelity = new VideoFidelity();
    private final NDManager memory = NDManager.newBaseManager("PyTorch");

    Benchmark(BenchSettings settings) {
        this.settings = settings;
        this.policies = PolicyReader.of(settings.model());
        this.pipeline = WholePipeline.open(settings.model(), settings.precision());
    }

    /**
     * Runs everything.
     *
     * @param each told of each video
     * @return the runs of each policy, in the order of the prompts
     */
    Map<String, List<VideoRun>> run(Consumer<VideoRun> each) {
        for (String policy : settings.policies()) {
            try (NDManager video = memory.newSubManager()) {
                generate(
                        video,
                        policy,
                        0,
                        Math.min(WARM_UP_STEPS, settings.video().steps()));
            }
        }
        Map<String, List<VideoRun>> runs = new LinkedHashMap<>();
        settings.policies().forEach(policy -> runs.put(policy, new ArrayList<>()));
        for (int prompt = 0; prompt < settings.prompts().size(); prompt++) {
            try (NDManager ofPrompt = memory.newSubManager()) {
                compare(ofPrompt, prompt, runs, each);
            }
        }
        return runs;
    }

    private void compare(NDManager owner, int prompt, Map<String, List<VideoRun>> runs, Consumer<VideoRun> each) {
        Video uncached = null;
        for (String policy : settings.policies()) {
            ResidentMemory.resetPeak();
            Video video = generate(owner, policy, prompt, settings.video().steps());
            long peak = ResidentMemory.peak();
            uncached = uncached == null ? video : uncached;
            VideoRun run = measured(policy, prompt, video, uncached, peak);
            runs.computeIfAbsent(policy, name -> new ArrayList<>()).add(run);
            each.accept(run);
        }
    }

    private VideoRun measured(String policy, int prompt, Video video, Video uncached, long peak) {
        return new VideoRun(
                policy,
                prompt,
                video.steps(),
                video.denoiseMs(),
                video.totalMs(),
                macs(video),
                fidelity.psnr(video.frames(), uncached.frames()),
                fidelity.ssim(video.frames(), uncached.frames()),
                peak);
    }

    /** What one run leaves. */
    private record Video(
            NDArray frames, List<StepReport> steps, double denoiseMs, double totalMs, int promptRows, Shape latents) {}

    private Video generate(NDManager owner, String policy, int prompt, int steps) {
        BenchSettings.Video wanted = settings.video();
        List<StepReport> reports = new ArrayList<>();
        long start = System.nanoTime();
        try (NDManager work = owner.newSubManager()) {
            PromptEmbedding conditioned =
                    pipeline.encode(work, Branch.CONDITIONED, settings.prompts().get(prompt));
            PromptEmbedding unconditioned = pipeline.encode(work, Branch.UNCONDITIONED, "");
            Shape shape = pipeline.latents(wanted.size().height(), wanted.size().width(), wanted.frames());
            Clip clip =
                    new Clip(wanted.size().height(), wanted.size().width(), wanted.frames(), FPS, wanted.guidance());
            NDArray noise = Noise.normal(work, settings.seed() + prompt, shape);
            Sampler sampler = new Sampler(
                    pipeline.transformer(),
                    Schedulers.named(wanted.scheduler(), wanted.shift()),
                    pipeline.model().guidance(wanted.guidance()),
                    policy(policy, steps));
            long denoising = System.nanoTime();
            NDArray latents = sampler.sample(
                    noise,
                    branch -> branch == Branch.CONDITIONED ? conditioned : unconditioned,
                    clip,
                    steps,
                    (report, current) -> reports.add(report));
            long decoding = System.nanoTime();
            NDArray frames = decoded(owner, latents, clip);
            long end = System.nanoTime();
            return new Video(
                    frames,
                    reports,
                    (decoding - denoising) / NANOS_PER_MS,
                    (end - start) / NANOS_PER_MS,
                    conditioned.length(),
                    shape);
        }
    }

    private NDArray decoded(NDManager owner, NDArray latents, Clip clip) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return io.lowpass.tensor.Arrays.keep(pipeline.frames(owner, latents, clip), owner);
        }
    }

    private CachePolicy policy(String text, int steps) {
        BenchSettings.Video video = settings.video();
        return policies.read(
                CacheOption.settings(text.startsWith("fixed:") ? withinSteps(text, steps) : text, steps),
                new Conditions(
                        steps,
                        video.scheduler(),
                        video.shift(),
                        settings.precision().label()),
                warning -> {});
    }

    /** A warm-up has fewer steps than the run, which a fixed number of computed steps may exceed. */
    private static String withinSteps(String text, int steps) {
        String count = text.substring("fixed:".length());
        return count.matches("[0-9]{1,6}") ? "fixed:" + Math.min(Integer.parseInt(count), steps) : text;
    }

    private double macs(Video video) {
        TransformerCost cost = pipeline.model().cost(video.promptRows());
        long cells = pipeline.transformer().patch().stream()
                .mapToLong(Integer::longValue)
                .reduce(1, (a, b) -> a * b);
        Shape latents = video.latents();
        double tokens = (double) latents.get(2) * latents.get(3) * latents.get(4) / cells;
        return cost.of(video.steps().stream().map(StepReport::work).reduce(Work.NONE, Work::plus), tokens);
    }

    @Override
    public void close() {
        memory.close();
        fidelity.close();
        pipeline.close();
    }
}
