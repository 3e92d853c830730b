package io.lowpass.generation;

import ai.djl.Device;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.contracts.Job;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.nio.file.Path;
import java.util.Optional;

/** From jobs to latents, with one model on one thread of the CPU. */
record JobPipeline(JobPlanner planner, LatentPipeline latents) implements AutoCloseable {

    static JobPipeline open(Path folder) {
        return open(folder, Optional.empty());
    }

    static JobPipeline open(Path folder, Optional<Path> cacheProfiles) {
        new TorchThreads(1).prepare();
        VideoModel model = Families.open(folder);
        return new JobPipeline(
                new JobPlanner(model, ModelCachePolicies.of(folder, cacheProfiles), Precision.F32),
                LatentPipeline.open(model, Device.cpu(), Precision.F32));
    }

    VideoPlan plan(Job job) {
        return planner.plan(job, warning -> {});
    }

    Latents generate(Job job, ProgressListener listener) {
        return latents.generate(plan(job), listener);
    }

    @Override
    public void close() {
        latents.close();
    }
}
