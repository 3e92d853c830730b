package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.tensor.Arrays;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The denoising loop. */
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
     * @param noise shape (1, channels, frames, height, width), f32; left as it is
     * @param prompts asked for each branch that the guidance needs
     * @param clip the video that is made
     * @param steps number of denoising steps
     * @throws IllegalArgumentException if the policy does not fit the model or the number of steps
     * @throws java.util.concurrent.CancellationException if the listener throws it
     */
    public NDArray sample(NDArray noise, Prompts prompts, Clip clip, int steps, ProgressListener listener) {
        requireFit(steps);
        NDManager owner = noise.getManager();
        try (NDManager memory = owner.newSubManager();
                Trajectory trajectory = scheduler.plan(steps, clip)) {
            FeatureCache cache = policy.open(new Generation(memory, outline(), trajectory, noise.getShape()));
            CachedTransformer model =
                    new CachedTransformer(transformer, cache, guidance, clip, condition(memory, prompts, clip));
            // Until they are done, latents go with the memory: a generation that is stopped leaves nothing.
            NDArray latents = Arrays.keep(noise.duplicate(), memory);
            for (int i = 0; i < steps; i++) {
                latents = denoise(trajectory.step(i), latents, model, trajectory, listener);
            }
            return Arrays.keep(latents, owner);
        }
    }

    /**
     * Looks whether the policy can be used, which {@link #sample} does, too.
     *
     * @throws IllegalArgumentException if the policy does not fit the model or the number of steps
     */
    public void requireFit(int steps) {
        policy.requireFit(outline(), steps);
    }

    private ModelOutline outline() {
        return new ModelOutline(
                transformer.depth(),
                transformer.subLayers(),
                transformer.signals(),
                transformer.patch(),
                guidance.branches());
    }

    private Map<Branch, Conditioning> condition(NDManager memory, Prompts prompts, Clip clip) {
        Map<Branch, Conditioning> conditionings = new EnumMap<>(Branch.class);
        for (Branch branch : guidance.branches()) {
            conditionings.put(branch, transformer.condition(memory, prompts.of(branch), clip));
        }
        return conditionings;
    }

    private static NDArray denoise(
            Step step, NDArray latents, CachedTransformer model, Trajectory trajectory, ProgressListener listener) {
        long start = System.nanoTime();
        NDArray next;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray prediction = model.predict(step, latents);
            next = Arrays.keep(trajectory.advance(step.index(), latents, prediction), latents.getManager());
        }
        latents.close();
        Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
        listener.onStep(new StepReport(step, elapsed, model.decision(step), model.work()), next);
        return next;
    }
}
