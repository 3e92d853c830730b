package io.lowpass.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.PromptEmbeddings;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The result of one generation with a toy model.
 *
 * @param latents the latents
 * @param reports one per step
 * @param arraysLeft number of arrays left with the manager of its noise, including the result
 */
public record ToyRun(List<Float> latents, List<StepReport> reports, int arraysLeft) {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 16, 5);

    /**
     * How to run.
     *
     * @param scheduler the solver
     * @param guidance one branch or two
     * @param steps number of steps
     * @param shape shape of the latents
     * @param prompts seeds of the two prompts, conditioned first
     */
    public record Setup(Scheduler scheduler, Guidance guidance, int steps, Shape shape, List<Integer> prompts) {

        /** Twenty Euler steps with guidance on 5 frames of 8 x 8 latents. */
        public static final Setup USUAL = new Setup(
                new FlowMatchEuler(3),
                new Guidance(3),
                20,
                new Shape(1, ToyTransformer.CHANNELS, 5, 8, 8),
                List.of(1, 2));

        /** The same with another solver. */
        public Setup with(Scheduler other) {
            return new Setup(other, guidance, steps, shape, prompts);
        }

        /** The same with other guidance. */
        public Setup with(Guidance other) {
            return new Setup(scheduler, other, steps, shape, prompts);
        }

        /** The same with other latents. */
        public Setup with(Shape other) {
            return new Setup(scheduler, guidance, steps, other, prompts);
        }

        /** The same with other prompts. */
        public Setup withPrompts(int conditioned, int unconditioned) {
            return new Setup(scheduler, guidance, steps, shape, List.of(conditioned, unconditioned));
        }
    }

    /** Runs a policy. */
    public static ToyRun of(VideoTransformer transformer, CachePolicy policy, Setup setup) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray noise = noise(manager, 3, setup.shape());
            List<PromptEmbedding> prompts = setup.prompts().stream()
                    .map(seed -> noise(manager, 100 + seed, new Shape(1, ToyTransformer.TEXT, ToyTransformer.WIDTH)))
                    .map(states -> new PromptEmbedding(states, ToyTransformer.TEXT))
                    .toList();
            PromptEmbeddings branches = branch -> prompts.get(branch == Branch.CONDITIONED ? 0 : 1);
            List<StepReport> reports = new ArrayList<>();
            int before = manager.getManagedArrays().size();
            NDArray latents = new Sampler(transformer, setup.scheduler(), setup.guidance(), policy)
                    .sample(noise, branches, CLIP, setup.steps(), (report, now) -> reports.add(report));
            int after = manager.getManagedArrays().size();
            return new ToyRun(boxed(latents), reports, after - before);
        }
    }

    /** Standard normal numbers of a seed. */
    public static NDArray noise(NDManager manager, long seed, Shape shape) {
        Random random = new Random(seed);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return manager.create(values, shape);
    }

    /** What all steps together computed. */
    public Work work() {
        return reports.stream().map(StepReport::work).reduce(Work.NONE, Work::plus);
    }

    /** What became of each step. */
    public List<StepDecision.Action> kinds() {
        return reports.stream().map(report -> report.decision().action()).toList();
    }

    /** Largest difference of two results. */
    public double distanceTo(ToyRun other) {
        double largest = 0;
        for (int i = 0; i < latents.size(); i++) {
            largest = Math.max(largest, Math.abs(latents.get(i) - other.latents.get(i)));
        }
        return largest;
    }

    private static List<Float> boxed(NDArray array) {
        List<Float> values = new ArrayList<>();
        for (float value : array.toFloatArray()) {
            values.add(value);
        }
        return values;
    }
}
