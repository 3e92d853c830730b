package io.lowpass.generation;

import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Job;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Makes the plans of jobs for one model.
 *
 * @param policies the model's, with its profiles
 * @param precision in which the model computes
 */
public record JobPlanner(VideoModel model, ModelCachePolicies policies, Precision precision) {

    /**
     * The plan of a job.
     *
     * @param warnings gets each difference between the job and the conditions under which a cache profile was made
     * @throws IllegalArgumentException naming the field, its value and what is allowed, if the model cannot do what the
     *     job says or an image cannot be decoded
     */
    public VideoPlan plan(Job job, Consumer<String> warnings) {
        OwnFields.requireUse(job, model);
        return new VideoPlan(
                job.prompt(),
                job.negativePrompt(),
                job.seed(),
                spec(job),
                job.steps(),
                scheduler(job),
                policy(job, warnings),
                JobImages.of(job));
    }

    private Scheduler scheduler(Job job) {
        Scheduler scheduler = Schedulers.resolve(
                Optional.of(job.scheduler()), OptionalDouble.of(job.flowShift()), model.schedulerConfig());
        List<Double> sigmas = job.numbers("sigmas");
        return sigmas.isEmpty() ? scheduler : scheduler.withSigmas(sigmas);
    }

    private CachePolicy policy(Job job, Consumer<String> warnings) {
        CacheSettings cache = job.cache();
        SamplingConditions conditions =
                new SamplingConditions(job.steps(), job.scheduler(), job.flowShift(), precision.label());
        return policies.of(cache.policy(), cache.preset(), cache.options(), conditions, warnings);
    }

    private static VideoSpec spec(Job job) {
        return new VideoSpec(
                job.size().height(),
                job.size().width(),
                job.numFrames(),
                job.fps(),
                job.guidanceScale(),
                job.flag("useDynamicCfg"),
                job.number("guidanceScale2"),
                job.number("trueCfgScale"),
                Optional.empty());
    }
}
