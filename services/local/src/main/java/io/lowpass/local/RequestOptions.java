package io.lowpass.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lowpass.cli.CacheOption;
import io.lowpass.cli.ImageFile;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.request.ModelCard;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What a user says about the video. The texts go into the request as they are, so that what is wrong with them is found
 * and named by the rules for requests, and all of it at once.
 */
final class RequestOptions {

    /** The option that sets a field of the request, for messages. */
    static final Map<String, String> OPTION_OF_FIELD = Map.ofEntries(
            Map.entry("prompt", "PROMPT"),
            Map.entry("negativePrompt", "--negative"),
            Map.entry("size", "--size"),
            Map.entry("numFrames", "--frames"),
            Map.entry("fps", "--fps"),
            Map.entry("steps", "--steps"),
            Map.entry("guidanceScale", "--guidance"),
            Map.entry("guidanceScale2", "--guidance-2"),
            Map.entry("trueCfgScale", "--true-guidance"),
            Map.entry("useDynamicCfg", "--dynamic-guidance"),
            Map.entry("image", "--image"),
            Map.entry("lastImage", "--last-image"),
            Map.entry("flowShift", "--shift"),
            Map.entry("scheduler", "--scheduler"),
            Map.entry("seed", "--seed"),
            Map.entry("cache", "--cache"),
            Map.entry("model", "--model"));

    @Parameters(paramLabel = "PROMPT", description = "what the video shows")
    private String prompt;

    @Option(names = "--negative", paramLabel = "PROMPT", description = "what it does not show")
    private Optional<String> negative;

    @Option(names = "--steps", paramLabel = "N", description = "denoising steps")
    private Optional<String> steps;

    @Option(names = "--seed", paramLabel = "N", description = "of the noise; drawn if not given")
    private Optional<String> seed;

    @Option(names = "--size", paramLabel = "WxH", description = "in pixels")
    private Optional<String> size;

    @Option(names = "--frames", paramLabel = "N", description = "frames of the video; 4n + 1 for most models")
    private Optional<String> frames;

    @Option(names = "--fps", paramLabel = "N", description = "frames per second")
    private Optional<String> fps;

    @Option(
            names = "--guidance",
            paramLabel = "X",
            description = "classifier-free guidance, 1: none; for HunyuanVideo what the model is told")
    private Optional<String> guidance;

    @Option(names = "--guidance-2", paramLabel = "X", description = "guidance of the second of two experts")
    private Optional<String> laterGuidance;

    @Option(
            names = "--true-guidance",
            paramLabel = "X",
            description = "classifier-free guidance of a model that is told of --guidance (HunyuanVideo)")
    private Optional<String> trueGuidance;

    @Option(
            names = "--dynamic-guidance",
            arity = "0..1",
            fallbackValue = "true",
            description = "guidance that grows from step to step (CogVideoX)")
    private Optional<Boolean> dynamicGuidance;

    @Option(names = "--image", paramLabel = "FILE", description = "PNG or JPEG that the video starts with")
    private Optional<Path> image;

    @Option(names = "--last-image", paramLabel = "FILE", description = "PNG or JPEG that the video ends with")
    private Optional<Path> lastImage;

    @Option(names = "--shift", paramLabel = "X", description = "shift of the schedule towards high noise")
    private Optional<String> shift;

    @Option(
            names = "--scheduler",
            paramLabel = "NAME",
            description = "one that suits the model: euler, unipc, dpm++; ddim, sde-dpm++; rflow")
    private Optional<String> scheduler;

    @Option(
            names = "--cache",
            paramLabel = "POLICY",
            description = "none, precise:base|turbo|flash, fixed:N (N steps computed, spread evenly), or JSON")
    private Optional<String> cache;

    /**
     * The request, not validated.
     *
     * @param model the model
     * @param notice is told if an image is made smaller
     * @throws IllegalArgumentException if the cache policy has none of its forms, or an image is none
     * @throws java.io.UncheckedIOException if an image cannot be read
     */
    ObjectNode request(ModelCard model, Consumer<String> notice) {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("prompt", prompt);
        negative.ifPresent(text -> request.put("negativePrompt", text));
        request.put("model", model.name());
        size.ifPresent(text -> request.put("size", text));
        number(request, "numFrames", frames);
        number(request, "fps", fps);
        number(request, "steps", steps);
        number(request, "guidanceScale", guidance);
        number(request, "guidanceScale2", laterGuidance);
        number(request, "trueCfgScale", trueGuidance);
        dynamicGuidance.ifPresent(changes -> request.put("useDynamicCfg", changes));
        number(request, "flowShift", shift);
        number(request, "seed", seed);
        image.ifPresent(file -> request.put("image", ImageFile.uri(file, notice)));
        lastImage.ifPresent(file -> request.put("lastImage", ImageFile.uri(file, notice)));
        scheduler.ifPresent(text -> request.put("scheduler", text));
        cache.ifPresent(text -> request.set("cache", cache(text, model)));
        return request;
    }

    private JsonNode cache(String text, ModelCard model) {
        try {
            return CacheOption.settings(text, spread(model));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--cache " + wrong.getMessage(), wrong);
        }
    }

    private int spread(ModelCard model) {
        return steps.filter(text -> text.matches("[1-9][0-9]{0,4}"))
                .map(Integer::parseInt)
                .orElse(model.steps());
    }

    private static void number(ObjectNode request, String field, Optional<String> text) {
        text.ifPresent(given -> request.set(field, number(given)));
    }

    /** The number that the text is, or the text itself, which the rules for requests will refuse. */
    private static JsonNode number(String text) {
        try {
            JsonNode node = EventJson.mapper().readTree(text);
            return node.isNumber() ? node : TextNode.valueOf(text);
        } catch (JsonProcessingException notJson) {
            return TextNode.valueOf(text);
        }
    }
}
