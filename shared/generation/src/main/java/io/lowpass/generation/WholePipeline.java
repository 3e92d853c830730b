package io.lowpass.generation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.ImageCondition;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.ProgressListener;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.PromptEmbeddings;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.StepReport;
import io.lowpass.diffusion.TokenCount;
import io.lowpass.diffusion.TransformerCost;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.Work;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.TextToVideoPipeline;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.vae.Pixels;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The complete pipeline from prompt to frames, in this process. */
public final class WholePipeline implements AutoCloseable {

    private static final int CHANNELS = 3;
    private static final int FRAME_AXIS = 2;
    private static final double NANOS_PER_MS = 1e6;

    private final TextToVideoPipeline models;
    private final VideoVae vae;

    private WholePipeline(TextToVideoPipeline models, VideoVae vae) {
        this.models = models;
        this.vae = vae;
    }

    /**
     * Opens every component of a folder.
     *
     * @throws IllegalArgumentException naming the folder, file, setting or parameter that is missing or wrong
     */
    public static WholePipeline open(Path path, Precision precision) {
        VideoModel folder = Families.open(path);
        TextToVideoPipeline models = TextToVideoPipeline.open(folder, Device.cpu(), precision);
        try {
            return new WholePipeline(models, TextToVideoPipeline.openVae(folder, Device.cpu(), precision));
        } catch (IllegalArgumentException e) {
            models.close();
            throw e;
        }
    }

    /** Cleans, tokenizes and encodes the prompt or negative prompt of a branch. */
    public PromptEmbedding encode(NDManager owner, Branch branch, String prompt, String negativePrompt) {
        return models.prompts().encode(owner, branch, model().text(branch, prompt, negativePrompt));
    }

    /**
     * Prepares and encodes the given images.
     *
     * @throws IllegalArgumentException if the model does not support images, or not these
     */
    public ImageCondition encode(NDManager owner, GivenFrames given, VideoSpec spec) {
        return models.images()
                .orElseThrow(() -> new IllegalArgumentException(
                        "image is given, allowed is none: the model makes videos from a prompt alone"))
                .encode(owner, given, spec);
    }

    /** The transformer. */
    public VideoTransformer transformer() {
        return models.transformer();
    }

    /** Configuration of the folder's scheduler. */
    public Map<String, Object> schedulerConfig() {
        return models.model().schedulerConfig();
    }

    /**
     * The shape of the latents of a video.
     *
     * @throws IllegalArgumentException if the model cannot make it
     */
    public Shape latents(int height, int width, int frames) {
        return models.limits().latents(height, width, frames);
    }

    /**
     * The shape of the decoded video, (frames, 3, height, width); some models round it down to whole latent cells.
     *
     * @throws IllegalArgumentException if the model cannot make it
     */
    public Shape decoded(Size size, int frames) {
        Shape latents = latents(size.height(), size.width(), frames);
        return new Shape(frames, CHANNELS, latents.get(3) * vae.spatialFactor(), latents.get(4) * vae.spatialFactor());
    }

    /** The model with its limits, guidance and cost. */
    public VideoModel model() {
        return models.model();
    }

    /** Decodes latents, frame by frame: uint8, shape (frames, 3, height, width). */
    public NDArray frames(NDManager owner, NDArray latents, VideoSpec spec) {
        NDList frames = new NDList();
        try (VideoDecoding video = vae.decode(spec)) {
            for (NDArray frame : latents.split(latents.getShape().get(FRAME_AXIS), FRAME_AXIS)) {
                video.next(owner, frame).ifPresent(decoded -> frames.add(Pixels.levels(owner, decoded)));
            }
        }
        return NDArrays.concat(frames);
    }

    /**
     * Checks a plan before anything is computed.
     *
     * @throws IllegalArgumentException if the policy does not fit the model or the number of steps, or the model cannot
     *     make such a video
     */
    public void requireFit(VideoPlan plan) {
        latents(plan.spec().height(), plan.spec().width(), plan.spec().frames());
        try (NoiseSource noise = new NoiseSource(plan.seed(), model().layout())) {
            sampler(plan, plan.scheduler().drawingFrom(noise)).requireFit(plan.steps(), plan.spec());
        }
    }

    /**
     * Denoises, starting from the noise of the plan's seed.
     *
     * @param prompts embeddings of the plan's prompts
     */
    public NDArray denoise(NDManager owner, VideoPlan plan, PromptEmbeddings prompts, ProgressListener listener) {
        VideoSpec spec = plan.spec();
        try (NoiseSource noise = new NoiseSource(plan.seed(), model().layout())) {
            NDArray start = noise.draw(owner, latents(spec.height(), spec.width(), spec.frames()));
            return sampler(plan, plan.scheduler().drawingFrom(noise))
                    .sample(start, prompts, spec, plan.steps(), listener);
        }
    }

    /** Generates frames, which belong to {@code owner}, and measures the time of each stage. */
    public GeneratedVideo generate(NDManager owner, VideoPlan plan, ProgressListener listener) {
        List<StepReport> reports = new ArrayList<>();
        long start = System.nanoTime();
        try (NDManager work = owner.newSubManager()) {
            VideoPlan ready = withImage(work, plan);
            Map<Branch, PromptEmbedding> encoded = encode(work, ready);
            PromptEmbeddings prompts =
                    branch -> Optional.ofNullable(encoded.get(branch)).orElseThrow();
            long denoising = System.nanoTime();
            NDArray latents = denoise(work, ready, prompts, (report, current) -> {
                reports.add(report);
                listener.onStep(report, current);
            });
            long decoding = System.nanoTime();
            NDArray frames = decoded(owner, latents, plan.spec());
            long end = System.nanoTime();
            return new GeneratedVideo(
                    frames,
                    reports,
                    (denoising - start) / NANOS_PER_MS,
                    (decoding - denoising) / NANOS_PER_MS,
                    (end - decoding) / NANOS_PER_MS,
                    macs(reports, prompts.of(Branch.CONDITIONED).length(), latents.getShape()));
        }
    }

    /** Encodes the prompts of the branches that the plan's guidance uses. */
    private Map<Branch, PromptEmbedding> encode(NDManager owner, VideoPlan plan) {
        Map<Branch, PromptEmbedding> prompts = new EnumMap<>(Branch.class);
        for (Branch branch : model().guidance(plan.spec()).branches()) {
            prompts.put(branch, encode(owner, branch, plan.prompt(), plan.negativePrompt()));
        }
        return prompts;
    }

    private VideoPlan withImage(NDManager owner, VideoPlan plan) {
        return plan.given()
                .map(given -> plan.withSpec(plan.spec().from(encode(owner, given, plan.spec()))))
                .orElse(plan);
    }

    private Sampler sampler(VideoPlan plan, Scheduler scheduler) {
        return new Sampler(transformer(), scheduler, model().guidance(plan.spec()), plan.policy());
    }

    private NDArray decoded(NDManager owner, NDArray latents, VideoSpec spec) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return io.lowpass.tensor.Arrays.keep(frames(owner, latents, spec), owner);
        }
    }

    private double macs(List<StepReport> reports, int promptRows, Shape latents) {
        TransformerCost cost = model().cost(promptRows);
        return cost.of(
                reports.stream().map(StepReport::work).reduce(Work.NONE, Work::plus),
                TokenCount.of(latents, transformer().patch()));
    }

    @Override
    public void close() {
        models.close();
        vae.close();
    }
}
