package io.lowpass.generation;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.models.pipeline.Residence;
import io.lowpass.models.pipeline.TextToVideoPipeline;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pipeline from a plan to latents: it encodes the prompts and images, draws the noise, and denoises with the plan's
 * cache policy. The sampler serves with it, and the laboratory measures it.
 *
 * <p>Used by one thread at a time.
 */
public final class LatentPipeline implements AutoCloseable {

    private static final String ENGINE = "PyTorch";
    private static final double NANOS_PER_MS = 1e6;

    private final TextToVideoPipeline models;
    private final Device device;
    private final Precision precision;
    private final NDManager memory;
    private final PromptCache prompts;

    private LatentPipeline(TextToVideoPipeline models, Device device, Precision precision) {
        this.models = models;
        this.device = device;
        this.precision = precision;
        this.memory = NDManager.newBaseManager(device, ENGINE);
        this.prompts = new PromptCache(models.prompts(), memory);
    }

    /**
     * Opens tokenizers, text encoders and transformer, with all weights in memory.
     *
     * @throws IllegalArgumentException naming the file, setting or parameter that is missing or wrong
     */
    public static LatentPipeline open(VideoModel model, Device device, Precision precision) {
        return open(model, device, precision, Residence.RESIDENT, 0);
    }

    /**
     * Opens the same with the weights in memory or in their files.
     *
     * @param room bytes that weights may take if they are streamed
     * @throws IllegalArgumentException naming the file, setting or parameter that is missing or wrong
     */
    public static LatentPipeline open(
            VideoModel model, Device device, Precision precision, Residence residence, long room) {
        return new LatentPipeline(
                TextToVideoPipeline.open(model, device, precision, residence, room), device, precision);
    }

    /** The model with its limits, guidance and cost. */
    public VideoModel model() {
        return models.model();
    }

    /** The transformer. */
    public VideoTransformer transformer() {
        return models.transformer();
    }

    /** Bytes of weights that each pass reads from disk; 0 if all weights are in memory. */
    public long bytesPerPass() {
        return models.bytesPerPass();
    }

    /** Estimated peak of main memory for a plan in bytes, without the weights. */
    public long memoryFor(VideoPlan plan) {
        if (device.isGpu()) {
            // The limit there is the memory of the device, and the engine reports it.
            return 0;
        }
        VideoSpec spec = plan.spec();
        int branches = branches(plan).size();
        return models.limits()
                .denoising(spec.height(), spec.width(), spec.frames(), branches, precision.arithmeticOn(device));
    }

    /**
     * Checks a plan before anything is computed.
     *
     * @throws IllegalArgumentException if the policy does not fit the model or the number of steps, or the model cannot
     *     make such a video
     */
    public void requireFit(VideoPlan plan) {
        latents(plan.spec());
        try (NoiseSource noise = noise(plan)) {
            sampler(plan, noise).requireFit(plan.steps(), plan.spec());
        }
    }

    /**
     * The embedding of the plan's prompt or negative prompt, cached or newly encoded. It belongs to this pipeline.
     */
    public PromptEmbedding encode(Branch branch, VideoPlan plan) {
        return prompts.encode(branch, model().text(branch, plan.prompt(), plan.negativePrompt()));
    }

    /** Empties the cache of prompts, so that the next plan encodes its own. */
    public void clearPrompts() {
        prompts.clear();
    }

    /**
     * The plan's video with its images encoded, which belong to {@code owner}.
     *
     * @throws IllegalArgumentException if the model does not support images, or not these
     */
    public VideoSpec withImages(NDManager owner, VideoPlan plan) {
        VideoSpec spec = plan.spec();
        return plan.given()
                .map(given -> spec.from(models.images()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "image is given, allowed is none: the model makes videos from a prompt alone"))
                        .encode(owner, given, spec)))
                .orElse(spec);
    }

    /**
     * Executes a plan. When this returns or throws, everything is freed except the latents and the cached prompts.
     *
     * @param listener called after each step, on the calling thread
     * @return to be closed by the caller
     * @throws IllegalArgumentException if the policy does not fit the model or the number of steps, or the model cannot
     *     make such a video
     * @throws java.util.concurrent.CancellationException if the listener throws it
     */
    public Latents generate(VideoPlan plan, ProgressListener listener) {
        List<StepReport> reports = new ArrayList<>();
        long start = System.nanoTime();
        Map<Branch, PromptEmbedding> encoded = new EnumMap<>(Branch.class);
        branches(plan).forEach(branch -> encoded.put(branch, encode(branch, plan)));
        long denoising = System.nanoTime();
        NDArray latents = denoise(plan, encoded, (report, current) -> {
            reports.add(report);
            listener.onStep(report, current);
        });
        long end = System.nanoTime();
        return new Latents(latents, reports, (denoising - start) / NANOS_PER_MS, (end - denoising) / NANOS_PER_MS);
    }

    /** The latents outlive the other arrays of the plan, which are always freed here. */
    private NDArray denoise(VideoPlan plan, Map<Branch, PromptEmbedding> encoded, ProgressListener listener) {
        try (NDManager ofPlan = memory.newSubManager();
                NoiseSource noise = noise(plan)) {
            Sampler sampler = sampler(plan, noise);
            NDArray start = noise.draw(ofPlan, latents(plan.spec()));
            NDArray latents = sampler.sample(
                    start,
                    branch -> Optional.ofNullable(encoded.get(branch)).orElseThrow(),
                    withImages(ofPlan, plan),
                    plan.steps(),
                    listener);
            latents.attach(memory);
            return latents;
        }
    }

    private NoiseSource noise(VideoPlan plan) {
        return new NoiseSource(plan.seed(), model().layout());
    }

    private Sampler sampler(VideoPlan plan, NoiseSource noise) {
        return new Sampler(
                transformer(), plan.scheduler().drawingFrom(noise), model().guidance(plan.spec()), plan.policy());
    }

    private List<Branch> branches(VideoPlan plan) {
        return model().guidance(plan.spec()).branches();
    }

    private Shape latents(VideoSpec spec) {
        return models.limits().latents(spec.height(), spec.width(), spec.frames());
    }

    /** Number of latents that are not closed yet. */
    public int arrays() {
        return memory.getManagedArrays().size();
    }

    /** Number of cached prompts. */
    public int cachedPrompts() {
        return prompts.size();
    }

    @Override
    public void close() {
        prompts.close();
        memory.close();
        models.close();
    }
}
