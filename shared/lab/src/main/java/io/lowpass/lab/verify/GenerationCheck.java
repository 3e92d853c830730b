package io.lowpass.lab.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ImageCondition;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.StepDecision;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.generation.VideoPlan;
import io.lowpass.generation.WholePipeline;
import io.lowpass.lab.quality.ReferenceCase;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.models.vision.Picture;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A whole generation: from the prompt to frames, step by step, with what the cache decided. */
final class GenerationCheck implements Check {

    // The default frame rate for models conditioned on it.
    private static final double FPS = 24;

    private final ObjectMapper json;

    private final ComponentFolder folders;

    GenerationCheck(ObjectMapper json, ComponentFolder folders) {
        this.json = json;
        this.folders = folders;
    }

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        JsonNode settings = reference.settings();
        AttentionCount policy = new AttentionCount(policy(settings.path("cache")));
        folders.requirePipeline(reference.model());
        try (WholePipeline pipeline = WholePipeline.open(reference.model(), Precision.F32)) {
            NDManager arrays = memory.newSubManager();
            String prompt = settings.path("prompt").asText();
            String negative = settings.path("negativePrompt").asText("");
            PromptEmbedding context = pipeline.encode(arrays, Branch.CONDITIONED, prompt, negative);
            PromptEmbedding uncontext = pipeline.encode(arrays, Branch.UNCONDITIONED, prompt, negative);
            comparison.offer("context", context.states());
            comparison.offer("uncontext", uncontext.states());
            VideoSpec spec = withImage(spec(settings), reference.inputs(arrays), pipeline, comparison);
            VideoPlan plan = new VideoPlan(
                    prompt,
                    negative,
                    settings.path("seed").asLong(),
                    spec,
                    settings.path("steps").asInt(),
                    scheduler(settings, pipeline),
                    policy,
                    Optional.empty());
            List<StepDecision> decisions = new ArrayList<>();
            NDArray latents = pipeline.denoise(
                    arrays, plan, branch -> branch == Branch.CONDITIONED ? context : uncontext, (report, current) -> {
                        decisions.add(report.decision());
                        comparison.offer("latents." + report.step().index(), laidOut(current, pipeline));
                    });
            comparison.offer("latents", laidOut(latents, pipeline));
            comparison.offer("frames", pipeline.frames(arrays, latents, spec));
            if (settings.has("decisions")) {
                DecisionCheck.compare(settings.get("decisions"), decisions, comparison);
            }
            if (settings.has("selfAttentionsComputed")) {
                policy.compare(settings.get("selfAttentionsComputed"), comparison);
            }
        }
    }

    /** Adds the images of the case; the encoded states of several images are compared one by one. */
    private static VideoSpec withImage(
            VideoSpec spec, Map<String, NDArray> inputs, WholePipeline pipeline, Comparison comparison) {
        NDArray first = inputs.get("image");
        if (first == null) {
            return spec;
        }
        Optional<NDArray> last = Optional.ofNullable(inputs.get("last_image"));
        GivenFrames frames = new GivenFrames(Picture.of(first), last.map(Picture::of));
        ImageCondition image = pipeline.encode(first.getManager(), frames, spec);
        image.states().ifPresent(states -> {
            long images = last.isPresent() ? 2 : 1;
            Shape shape = states.getShape();
            comparison.offer("image_embeds", states.reshape(images, shape.get(1) / images, shape.get(2)));
        });
        return spec.from(image);
    }

    /** Latents as the reference stores them. */
    private static NDArray laidOut(NDArray latents, WholePipeline pipeline) {
        return pipeline.model().layout() == NoiseSource.Layout.FRAMES_FIRST
                ? latents.transpose(0, 2, 1, 3, 4)
                : latents;
    }

    private static VideoSpec spec(JsonNode settings) {
        VideoSpec spec = new VideoSpec(
                settings.path("height").asInt(),
                settings.path("width").asInt(),
                settings.path("numFrames").asInt(),
                settings.path("fps").asDouble(FPS),
                settings.path("guidanceScale").asDouble());
        if (settings.hasNonNull("trueCfgScale")) {
            return spec.withTrueCfgScale(settings.get("trueCfgScale").asDouble());
        }
        VideoSpec guided = spec.withDynamicCfg(settings.path("dynamicGuidance").asBoolean());
        return settings.hasNonNull("guidanceScale2")
                ? guided.withGuidanceScale2(settings.get("guidanceScale2").asDouble())
                : guided;
    }

    private static Scheduler scheduler(JsonNode settings, WholePipeline pipeline) {
        Optional<String> name = Optional.ofNullable(settings.get("scheduler")).map(JsonNode::asText);
        OptionalDouble shift = settings.has("flowShift")
                ? OptionalDouble.of(settings.get("flowShift").asDouble())
                : OptionalDouble.empty();
        return Schedulers.resolve(name, shift, pipeline.schedulerConfig());
    }

    private CachePolicy policy(JsonNode cache) {
        if (!cache.isObject()) {
            return CachePolicy.NONE;
        }
        Map<String, Object> options = json.convertValue(cache, new TypeReference<Map<String, Object>>() {});
        String name = String.valueOf(options.remove("policy"));
        Optional<String> preset = Optional.ofNullable(options.remove("preset")).map(String::valueOf);
        if (!CachePolicies.names().contains(name)) {
            throw new Unsupported("caching method " + name);
        }
        return CachePolicies.of(name, preset, options);
    }
}
