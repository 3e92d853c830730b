package io.lowpass.sampler;

import ai.djl.Device;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.contracts.Job;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.generation.JobPlanner;
import io.lowpass.generation.LatentPipeline;
import io.lowpass.generation.Latents;
import io.lowpass.generation.VideoPlan;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.Residence;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** Generates latents with the models of a diffusers folder. */
public final class PipelineGenerator implements Generator {

    private static final Logger LOG = Logger.getLogger(PipelineGenerator.class);

    private final LatentPipeline pipeline;
    private final JobPlanner planner;
    private final GeneratorSettings settings;
    private final Residence residence;

    /**
     * How a folder is used.
     *
     * @param cacheProfiles what caching methods need to know of the model; if not given, a file beside it
     * @param precision of the computation
     * @param threads of the engine
     * @param residence where the weights are; if not given, in memory where they fit
     * @param weights bytes that the weights take in memory; if not given, an estimate
     */
    public record GeneratorSettings(
            Path folder,
            Optional<Path> cacheProfiles,
            Device device,
            Precision precision,
            TorchThreads threads,
            Optional<Residence> residence,
            OptionalLong weights) {

        /** A folder with the cache profiles beside it, if there are any. */
        public GeneratorSettings(Path folder, Device device, Precision precision, TorchThreads threads) {
            this(folder, Optional.empty(), device, precision, threads, Optional.empty(), OptionalLong.empty());
        }

        /**
         * The settings of a configured model.
         *
         * @throws IllegalArgumentException naming what has no known form
         */
        static GeneratorSettings of(SamplerModelSettings.Model model) {
            TorchThreads threads = model.threads().isPresent()
                    ? new TorchThreads(model.threads().getAsInt())
                    : TorchThreads.ofMachine();
            return new GeneratorSettings(
                    Path.of(model.folder().orElseThrow()),
                    model.cacheProfiles().map(Path::of),
                    Devices.named(model.device()),
                    Precision.of(model.dtype()),
                    threads,
                    residence(model.weights()),
                    model.memory());
        }

        private static Optional<Residence> residence(String name) {
            return switch (name) {
                case "auto" -> Optional.empty();
                case "resident" -> Optional.of(Residence.RESIDENT);
                case "streamed" -> Optional.of(Residence.STREAMED);
                default ->
                    throw new IllegalArgumentException("weights '" + name + "' is not auto, resident or streamed");
            };
        }
    }

    private PipelineGenerator(
            LatentPipeline pipeline, JobPlanner planner, GeneratorSettings settings, Residence residence) {
        this.pipeline = pipeline;
        this.planner = planner;
        this.settings = settings;
        this.residence = residence;
    }

    /**
     * Loads tokenizer, text encoder and transformer.
     *
     * @param room bytes that weights may take if they are streamed
     * @throws IllegalArgumentException naming the folder, file, setting or parameter that is missing or wrong
     */
    public static PipelineGenerator load(GeneratorSettings settings, Residence residence, long room) {
        settings.threads().prepare();
        ModelCachePolicies policies = ModelCachePolicies.of(settings.folder(), settings.cacheProfiles());
        VideoModel model = Families.open(settings.folder());
        return new PipelineGenerator(
                LatentPipeline.open(model, settings.device(), settings.precision(), residence, room),
                new JobPlanner(model, policies, settings.precision()),
                settings,
                residence);
    }

    @Override
    public boolean isStreamed() {
        return residence == Residence.STREAMED;
    }

    @Override
    public long bytesPerPass() {
        return pipeline.bytesPerPass();
    }

    @Override
    public String device() {
        return settings.device().isGpu() ? "gpu:" + settings.device().getDeviceId() : "cpu";
    }

    @Override
    public PlannedVideo plan(Job job) {
        VideoPlan plan = planner.plan(job, warning -> LOG.warnf("Job %s: %s", job.jobId(), warning));
        return new PlannedVideo() {
            @Override
            public long memory() {
                return pipeline.memoryFor(plan);
            }

            @Override
            public Latents generate(ProgressListener listener) {
                settings.threads().prepare();
                return pipeline.generate(plan, listener);
            }
        };
    }

    @Override
    public void close() {
        pipeline.close();
    }
}
