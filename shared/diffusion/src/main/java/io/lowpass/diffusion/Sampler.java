package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbeddings;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.tensor.Arrays;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The denoising loop. If a model has several experts, each predicts the steps of its range of timesteps with a new
 * cache, since the results of one expert say nothing about another's.
 */
public final class Sampler {

    private final VideoTransformer transformer;
    private final Scheduler scheduler;
    private final Guidance guidance;
    private final CachePolicy policy;

    public Sampler(VideoTransformer transformer, Scheduler scheduler, Guidance guidance, CachePolicy policy) {
        this.transformer = transformer;
        this.scheduler = scheduler;
        this.guidance = guidance;
        this.policy = policy;
    }

    /**
     * Denoises {@code noise} into latents, which belong to the same manager.
     *
     * @param noise shape (1, channels, frames, height, width), f32; not changed
     * @param prompts prompt embeddings of the branches that the guidance uses
     * @param spec the specification of the video
     * @param steps number of denoising steps
     * @throws IllegalArgumentException if the policy does not fit the model or the total number of steps, or if there
     *     is a guidance scale for a second expert that does not exist
     * @throws java.util.concurrent.CancellationException if the listener throws it
     */
    public NDArray sample(
            NDArray noise, PromptEmbeddings prompts, VideoSpec spec, int steps, ProgressListener listener) {
        requireGuidanceFits();
        NDManager owner = noise.getManager();
        try (NDManager memory = owner.newSubManager();
                Trajectory trajectory = scheduler.plan(steps, spec)) {
            List<ExpertTrajectory> parts = ExpertTrajectory.of(trajectory, transformer.boundaries());
            policy.requireFit(outline(), steps);
            // Unfinished latents belong to the memory of the loop, so that a cancelled generation leaves nothing.
            NDArray latents = Arrays.keep(noise.duplicate(), memory);
            for (ExpertTrajectory part : parts) {
                latents = denoise(part, latents, prompts, spec, listener);
            }
            return Arrays.keep(latents, owner);
        }
    }

    /**
     * Checks whether the policy can be used, as {@link #sample} does, too.
     *
     * @param spec the specification of the video
     * @throws IllegalArgumentException if the policy does not fit the model or the number of steps
     */
    public void requireFit(int steps, VideoSpec spec) {
        requireGuidanceFits();
        try (Trajectory trajectory = scheduler.plan(steps, spec)) {
            policy.requireFit(outline(), trajectory.steps());
        }
    }

    private void requireGuidanceFits() {
        if (guidance.scale2().isPresent() && transformer.boundaries().isEmpty()) {
            throw new IllegalArgumentException("guidanceScale2 is "
                    + guidance.scale2().getAsDouble() + ", allowed is none: one expert predicts all steps");
        }
    }

    private ModelOutline outline() {
        return new ModelOutline(
                transformer.depth(),
                transformer.lists(),
                transformer.subLayers(),
                transformer.signals(),
                transformer.indicator(),
                transformer.patch(),
                guidance.branches());
    }

    /** Runs the steps of one expert; afterwards frees its cache and conditionings. */
    private NDArray denoise(
            ExpertTrajectory part, NDArray noise, PromptEmbeddings prompts, VideoSpec spec, ProgressListener listener) {
        VideoTransformer expert = transformer.expert(part.expert());
        NDArray latents = noise;
        try (NDManager memory = noise.getManager().newSubManager()) {
            FeatureCache cache =
                    policy.within(part.range()).open(new Generation(memory, outline(), part, noise.getShape()));
            CachedTransformer model = new CachedTransformer(
                    expert, cache, guidance, part.expert(), spec, condition(expert, memory, prompts, spec));
            for (int i = 0; i < part.steps(); i++) {
                latents = denoise(i, latents, model, part, listener);
            }
        }
        return latents;
    }

    private Map<Branch, Conditioning> condition(
            VideoTransformer expert, NDManager memory, PromptEmbeddings prompts, VideoSpec spec) {
        Map<Branch, Conditioning> conditionings = new EnumMap<>(Branch.class);
        for (Branch branch : guidance.branches()) {
            conditionings.put(branch, expert.condition(memory, prompts.of(branch), spec));
        }
        return conditionings;
    }

    private static NDArray denoise(
            int index, NDArray latents, CachedTransformer model, ExpertTrajectory part, ProgressListener listener) {
        Step step = part.step(index);
        long start = System.nanoTime();
        NDArray next;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray prediction = model.predict(step, latents);
            next = Arrays.keep(part.advance(index, latents, prediction), latents.getManager());
        }
        latents.close();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        listener.onStep(new StepReport(part.wholeStep(index), elapsed, model.decision(step), model.work()), next);
        return next;
    }
}
