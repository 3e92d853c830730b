package io.lowpass.lab.cost;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.caching.tea.TeaCache;
import io.lowpass.cli.CacheOption;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.diffusion.steps.StepReport;
import java.util.ArrayList;
import java.util.List;

/**
 * The least work of a policy for a video: what its rules force it to compute, plus what it needs to decide.
 *
 * @param policy the policy in short form
 * @param computed number of fully computed steps
 * @param macs multiply-adds of a video
 * @param fullSteps the same in units of full steps
 * @param speedup factor to a video without caching
 */
record Ceiling(String policy, long computed, double macs, double fullSteps, double speedup) {

    private static final VideoSpec SOME_CLIP = new VideoSpec(8, 8, 1, 8, 1);

    /** Runs the policy on a static video. */
    static Ceiling of(Checkpoint checkpoint, String policy) {
        List<StepReport> reports = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                StillTransformer still = new StillTransformer(checkpoint)) {
            NDArray prompt = manager.zeros(new Shape(1, 1, 1));
            Sampler sampler = new Sampler(
                    still,
                    new FlowMatchEuler(checkpoint.shift()),
                    checkpoint.guidance(),
                    policy(policy, checkpoint.steps()));
            sampler.sample(
                    manager.ones(checkpoint.shape()),
                    branch -> new PromptEmbedding(prompt, 1),
                    SOME_CLIP,
                    checkpoint.steps(),
                    (report, latents) -> reports.add(report));
        }
        Work work = reports.stream().map(StepReport::work).reduce(Work.NONE, Work::plus);
        double macs = checkpoint.cost().of(work, checkpoint.tokens());
        return new Ceiling(
                policy,
                reports.stream()
                        .filter(report -> report.decision().action() == Action.COMPUTE)
                        .count(),
                macs,
                macs / checkpoint.step(),
                checkpoint.total() / macs);
    }

    private static CachePolicy policy(String text, int steps) {
        CacheSettings settings =
                EventJson.mapper().convertValue(CacheOption.settings(text, steps), CacheSettings.class);
        CachePolicy policy = CachePolicies.of(settings.policy(), settings.preset(), settings.options());
        return policy instanceof TeaCache tea ? withoutPolynomial(tea) : policy;
    }

    /**
     * A polynomial fitted to changing signals says nothing about a static video: without it, only the forced work
     * remains.
     */
    private static CachePolicy withoutPolynomial(TeaCache tea) {
        return new TeaCache(tea.threshold(), List.of(0.0), tea.signal(), tea.warmUp(), tea.forceLast());
    }
}
