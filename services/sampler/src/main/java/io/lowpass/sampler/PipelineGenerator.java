package io.lowpass.sampler;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Job;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Guidance;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.ProgressListener;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.PromptEmbeddings;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.generation.JobImages;
import io.lowpass.generation.OwnFields;
import io.lowpass.generation.PromptCache;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.Residence;
import io.lowpass.models.pipeline.TextToVideoPipeline;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** Generates latents with the models of a diffusers folder. */
public final class PipelineGenerator implements Generator {

    private static final Logger LOG = Logger.getLogger(PipelineGenerator.class);
    private static final String ENGINE = "PyTorch";

    private final TextToVideoPipeline pipeline;
    private final GeneratorSettings settings;
    private final Residence residence;
    private final ModelCachePolicies policies;
    private final NDManager memory;
    private final PromptCache prompts;

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
            TextToVideoPipeline pipeline,
            ModelCachePolicies policies,
            GeneratorSettings settings,
            Residence residence) {
        this.residence = residence;
        this.pipeline = pipeline;
        this.policies = policies;
        this.settings = settings;
        this.memory = NDManager.newBaseManager(settings.device(), ENGINE);
        this.prompts = new PromptCache(pipeline.prompts(), memory);
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
        TextToVideoPipeline pipeline =
                TextToVideoPipeline.open(model, settings.device(), settings.precision(), residence, room);
        return new PipelineGenerator(pipeline, policies, settings, residence);
    }

    @Override
    public boolean isStreamed() {
        return residence == Residence.STREAMED;
    }

    @Override
    public long bytesPerPass() {
        return pipeline.bytesPerPass();
    }

    /** The models. */
    public TextToVideoPipeline pipeline() {
        return pipeline;
    }

    @Override
    public String device() {
        return settings.device().isGpu() ? "gpu:" + settings.device().getDeviceId() : "cpu";
    }

    @Override
    public long memoryFor(Job job) {
        if (settings.device().isGpu()) {
            // Main memory is not what is short there; the engine says itself what does not fit.
            return 0;
        }
        int branches = guidance(job).branches().size();
        return pipeline.limits()
                .denoising(
                        job.size().height(),
                        job.size().width(),
                        job.numFrames(),
                        branches,
                        settings.precision().arithmeticOn(settings.device()));
    }

    @Override
    public Latents generate(Job job, ProgressListener listener) {
        settings.threads().prepare();
        OwnFields.requireUse(job, pipeline.model());
        Guidance guidance = guidance(job);
        StepCounter counter = new StepCounter(listener);
        long start = System.nanoTime();
        Map<Branch, PromptEmbedding> encoded = encode(job, guidance);
        long encodedAt = System.nanoTime();
        NDArray latents = denoise(job, guidance, encoded, counter);
        return new Latents(
                latents,
                Map.of("text", millis(start, encodedAt), "denoise", millis(encodedAt, System.nanoTime())),
                counter.counts());
    }

    private Scheduler scheduler(Job job) {
        Scheduler scheduler = Schedulers.resolve(
                Optional.of(job.scheduler()),
                OptionalDouble.of(job.flowShift()),
                pipeline.model().schedulerConfig());
        List<Double> sigmas = job.numbers("sigmas");
        return sigmas.isEmpty() ? scheduler : scheduler.withSigmas(sigmas);
    }

    private Guidance guidance(Job job) {
        return pipeline.model().guidance(spec(job));
    }

    private static VideoSpec spec(Job job) {
        VideoSpec spec = new VideoSpec(
                        job.size().height(), job.size().width(), job.numFrames(), job.fps(), job.guidanceScale())
                .withDynamicCfg(job.flag("useDynamicCfg"));
        OptionalDouble second = job.number("guidanceScale2");
        VideoSpec later = second.isPresent() ? spec.withGuidanceScale2(second.getAsDouble()) : spec;
        OptionalDouble trueGuidance = job.number("trueCfgScale");
        return trueGuidance.isPresent() ? later.withTrueCfgScale(trueGuidance.getAsDouble()) : later;
    }

    /** Adds the encoded images of the job. */
    private VideoSpec withImage(Job job, NDManager ofJob) {
        VideoSpec spec = spec(job);
        Optional<GivenFrames> given = JobImages.of(job);
        if (given.isEmpty()) {
            return spec;
        }
        return spec.from(pipeline.images().orElseThrow().encode(ofJob, given.get(), spec));
    }

    private CachePolicy policy(Job job) {
        CacheSettings cache = job.cache();
        SamplingConditions conditions = new SamplingConditions(
                job.steps(),
                job.scheduler(),
                job.flowShift(),
                settings.precision().label());
        return policies.of(
                cache.policy(),
                cache.preset(),
                cache.options(),
                conditions,
                warning -> LOG.warnf("Job %s: %s", job.jobId(), warning));
    }

    private Map<Branch, PromptEmbedding> encode(Job job, Guidance guidance) {
        Map<Branch, PromptEmbedding> encoded = new EnumMap<>(Branch.class);
        for (Branch branch : guidance.branches()) {
            String text = pipeline.model().text(branch, job.prompt(), job.negativePrompt());
            encoded.put(branch, prompts.encode(branch, text));
        }
        return encoded;
    }

    /** Latents that outlive the memory of their job, which is freed here whatever happens. */
    private NDArray denoise(Job job, Guidance guidance, Map<Branch, PromptEmbedding> encoded, StepCounter counter) {
        Shape shape = pipeline.limits().latents(job.size().height(), job.size().width(), job.numFrames());
        PromptEmbeddings prompts =
                branch -> Optional.ofNullable(encoded.get(branch)).orElseThrow();
        try (NDManager ofJob = memory.newSubManager();
                NoiseSource noise = new NoiseSource(job.seed(), pipeline.model().layout())) {
            Scheduler scheduler = scheduler(job).drawingFrom(noise);
            Sampler sampler = new Sampler(pipeline.transformer(), scheduler, guidance, policy(job));
            NDArray start = noise.draw(ofJob, shape);
            NDArray latents = sampler.sample(start, prompts, withImage(job, ofJob), job.steps(), counter);
            latents.attach(memory);
            return latents;
        }
    }

    private static long millis(long from, long to) {
        return Duration.ofNanos(to - from).toMillis();
    }

    /** Arrays that belong to this generator itself: latents that nobody has closed yet. */
    int arrays() {
        return memory.getManagedArrays().size();
    }

    /** Prompts whose encoding is kept. */
    int rememberedPrompts() {
        return prompts.size();
    }

    @Override
    public void close() {
        prompts.close();
        memory.close();
        pipeline.close();
    }
}
