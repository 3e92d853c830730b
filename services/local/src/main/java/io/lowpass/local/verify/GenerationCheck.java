package io.lowpass.local.verify;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.Decision;
import io.lowpass.diffusion.PromptEmbedding;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.local.pipeline.VideoPlan;
import io.lowpass.local.pipeline.WholePipeline;
import io.lowpass.quality.ReferenceCase;
import io.lowpass.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A whole generation: from the prompt to frames, step by step, with what the cache decided. */
final class GenerationCheck implements Check {

    // What models are told that are told a rate, where the case says none.
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
        CachePolicy policy = policy(settings.path("cache"));
        folders.requirePipeline(reference.model());
        try (WholePipeline pipeline = WholePipeline.open(reference.model(), Precision.F32)) {
            NDManager arrays = memory.newSubManager();
            PromptEmbedding context = pipeline.encode(
                    arrays, Branch.CONDITIONED, settings.path("prompt").asText());
            PromptEmbedding uncontext = pipeline.encode(
                    arrays,
                    Branch.UNCONDITIONED,
                    settings.path("negativePrompt").asText(""));
            comparison.offer("context", context.states());
            comparison.offer("uncontext", uncontext.states());
            Clip clip = clip(settings);
            VideoPlan plan = new VideoPlan(
                    settings.path("prompt").asText(),
                    settings.path("negativePrompt").asText(""),
                    settings.path("seed").asLong(),
                    clip,
                    settings.path("steps").asInt(),
                    scheduler(settings, pipeline),
                    policy);
            List<Decision> decisions = new ArrayList<>();
            NDArray latents = pipeline.denoise(
                    arrays, plan, branch -> branch == Branch.CONDITIONED ? context : uncontext, (report, current) -> {
                        decisions.add(report.decision());
                        comparison.offer("latents." + report.step().index(), current);
                    });
            comparison.offer("latents", latents);
            comparison.offer("frames", pipeline.frames(arrays, latents, clip));
            if (settings.has("decisions")) {
                DecisionCheck.compare(settings.get("decisions"), decisions, comparison);
            }
        }
    }

    private static Clip clip(JsonNode settings) {
        return new Clip(
                settings.path("height").asInt(),
                settings.path("width").asInt(),
                settings.path("numFrames").asInt(),
                settings.path("fps").asDouble(FPS),
                settings.path("guidanceScale").asDouble());
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
