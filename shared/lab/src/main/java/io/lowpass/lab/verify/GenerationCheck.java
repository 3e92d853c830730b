package io.lowpass.lab.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.generation.LatentPipeline;
import io.lowpass.generation.Latents;
import io.lowpass.generation.VideoPipeline;
import io.lowpass.generation.VideoPlan;
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
        try (VideoPipeline pipeline = VideoPipeline.open(reference.model(), Precision.F32)) {
            NDManager arrays = memory.newSubManager();
            VideoPlan plan = plan(settings, reference.inputs(arrays), pipeline, policy);
            offerConditions(plan, arrays, pipeline.latents(), comparison);
            List<StepDecision> decisions = new ArrayList<>();
            try (Latents latents = pipeline.latents().generate(plan, (report, current) -> {
                decisions.add(report.decision());
                comparison.offer("latents." + report.step().index(), laidOut(current, pipeline));
            })) {
                comparison.offer("latents", laidOut(latents.frames(), pipeline));
                comparison.offer("frames", pipeline.decode(arrays, latents.frames(), plan.spec()));
            }
            if (settings.has("decisions")) {
                DecisionCheck.compare(settings.get("decisions"), decisions, comparison);
            }
            if (settings.has("selfAttentionsComputed")) {
                policy.compare(settings.get("selfAttentionsComputed"), comparison);
            }
        }
    }

    private static VideoPlan plan(
            JsonNode settings, Map<String, NDArray> inputs, VideoPipeline pipeline, CachePolicy policy) {
        return new VideoPlan(
                settings.path("prompt").asText(),
                settings.path("negativePrompt").asText(""),
                settings.path("seed").asLong(),
                spec(settings),
                settings.path("steps").asInt(),
                scheduler(settings, pipeline),
                policy,
                Optional.ofNullable(inputs.get("image"))
                        .map(first -> new GivenFrames(
                                Picture.of(first),
                                Optional.ofNullable(inputs.get("last_image")).map(Picture::of))));
    }

    /** What the transformer is conditioned on; the encoded states of several images are compared one by one. */
    private static void offerConditions(
            VideoPlan plan, NDManager arrays, LatentPipeline pipeline, Comparison comparison) {
        comparison.offer("context", pipeline.encode(Branch.CONDITIONED, plan).states());
        comparison.offer(
                "uncontext", pipeline.encode(Branch.UNCONDITIONED, plan).states());
        pipeline.withImages(arrays, plan)
                .image()
                .flatMap(ImageCondition::states)
                .ifPresent(states -> {
                    long images = plan.given().orElseThrow().last().isPresent() ? 2 : 1;
                    Shape shape = states.getShape();
                    comparison.offer("image_embeds", states.reshape(images, shape.get(1) / images, shape.get(2)));
                });
    }

    /** Latents as the reference stores them. */
    private static NDArray laidOut(NDArray latents, VideoPipeline pipeline) {
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

    private static Scheduler scheduler(JsonNode settings, VideoPipeline pipeline) {
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
