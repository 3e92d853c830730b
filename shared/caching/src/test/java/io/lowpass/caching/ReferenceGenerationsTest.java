package io.lowpass.caching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.BlockDecision;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.models.wan.WanTransformer;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Cached generations of small Wan models against the reference: latents, decisions and work of each step. The prompts are
 * stored as the reference encoded them.
 */
class ReferenceGenerationsTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 16, 5);

    private static final Path CASES = Path.of(System.getProperty("lowpass.root"), "shared", "golden");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MEASURED = 1e-3;

    static Stream<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.matches("generation-(wan|demo)-.*"))
                    .filter(name -> CachePolicies.names()
                            .contains(read(name).at("/settings/cache/policy").asText()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepIsWhatTheReferenceComputes(String name) throws IOException {
        // Given
        JsonNode json = read(name);
        JsonNode settings = json.get("settings");
        Path folder = CASES.resolve(name).resolve(json.get("model").asText());
        boolean demo = folder.endsWith("demo-model");
        try (NDManager manager = NDManager.newBaseManager();
                InputStream file = Files.newInputStream(CASES.resolve(name).resolve("tensors.safetensors"));
                VideoTransformer model =
                        WanTransformer.load(folder.resolve("transformer"), Precision.F32, Device.cpu())) {
            NDList expected = NDList.decode(manager, file);
            NDList prompts = prompts(manager);
            NDArray noise = Noise.normal(
                    manager,
                    settings.get("seed").asLong(),
                    expected.get("out.latents.0").getShape());
            Sampler sampler = new Sampler(
                    model,
                    scheduler(settings),
                    new Guidance(settings.get("guidanceScale").asDouble()),
                    policy(settings.get("cache")));
            List<StepReport> reports = new ArrayList<>();
            List<Double> errors = new ArrayList<>();
            // When
            sampler.sample(
                    noise,
                    branch -> prompt(prompts, (demo ? "demo" : "wan"), branch),
                    CLIP,
                    settings.get("steps").asInt(),
                    (report, latents) -> {
                        reports.add(report);
                        String tensor = "out.latents." + report.step().index();
                        Optional.ofNullable(expected.get(tensor)).ifPresent(e -> errors.add(error(latents, e)));
                    });
            // Then
            JsonNode decisions = settings.path("decisions");
            for (int i = 0; i < decisions.size(); i++) {
                assertDecision(reports.get(i).decision(), decisions.get(i), "step " + i);
            }
            boolean withinBlocks = reports.get(0).work().subLayers() > 0;
            JsonNode attentions = settings.path("selfAttentionsComputed");
            for (int i = 0; i < attentions.size(); i++) {
                assertThat(selfAttentions(reports.get(i), withinBlocks))
                        .as("step %s", i)
                        .isEqualTo(attentions.get(i).asInt());
            }
            assertThat(errors)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(error ->
                            assertThat(error).isLessThan(json.get("tolerance").asDouble()));
        }
    }

    /** Of blocks that ran, each computes one; where a method works within blocks, a third of its sub-layers are. */
    private static int selfAttentions(StepReport report, boolean withinBlocks) {
        return withinBlocks ? report.work().subLayers() / 3 : report.work().blocks();
    }

    private static void assertDecision(StepDecision ours, JsonNode expected, String step) {
        assertThat(ours.action().name())
                .as(step)
                .isEqualToIgnoringCase(expected.get("decision").asText());
        if (expected.has("reason")) {
            assertThat(ours.reason()).as(step).isEqualTo(expected.get("reason").asText());
            assertMeasured(ours.distance(), expected.get("lfd"), step + " distance");
            assertMeasured(ours.accumulated(), expected.get("accumulated"), step + " accumulated");
            assertMeasured(ours.threshold(), expected.get("threshold"), step + " threshold");
        }
        if (expected.has("blocks")) {
            BlockDecision blocks = ours.blocks().orElseThrow();
            assertThat(blocks.refreshed())
                    .as(step)
                    .isEqualTo(expected.get("blocks").asText().equals("refresh"));
            assertThat(blocks.skipped()).as(step).isEqualTo(integers(expected.get("skipped")));
            assertThat(blocks.nextSkipped()).as(step).isEqualTo(integers(expected.path("next_skipped")));
            assertThat(blocks.norms()).as(step).hasSize(expected.path("norms").size());
            for (int i = 0; i < blocks.norms().size(); i++) {
                assertMeasured(
                        OptionalDouble.of(blocks.norms().get(i)), expected.at("/norms/" + i), step + " norm " + i);
            }
        }
    }

    private static void assertMeasured(OptionalDouble ours, JsonNode expected, String what) {
        assertThat(ours.getAsDouble())
                .as(what)
                .isCloseTo(expected.asDouble(), within(MEASURED * Math.max(1e-9, Math.abs(expected.asDouble()))));
    }

    private static List<Integer> integers(JsonNode list) {
        List<Integer> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asInt()));
        return values;
    }

    private static double error(NDArray ours, NDArray expected) {
        return ours.sub(expected).abs().max().getFloat() / expected.abs().max().getFloat();
    }

    private static Scheduler scheduler(JsonNode settings) {
        return Schedulers.named(
                settings.get("scheduler").asText(), settings.get("flowShift").asDouble());
    }

    private static CachePolicy policy(JsonNode cache) {
        Map<String, Object> options = new TreeMap<>(JSON.<Map<String, Object>>convertValue(
                cache, JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class)));
        String name = String.valueOf(options.remove("policy"));
        Optional<String> preset = Optional.ofNullable(options.remove("preset")).map(String::valueOf);
        return CachePolicies.of(name, preset, options);
    }

    private static NDList prompts(NDManager manager) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(ReferenceGenerationsTest.class.getResourceAsStream("prompts.safetensors"))) {
            return NDList.decode(manager, file);
        }
    }

    private static PromptEmbedding prompt(NDList prompts, String model, Branch branch) {
        NDArray rows = prompts.get(model + "." + branch.name().toLowerCase(java.util.Locale.ROOT));
        long length = rows.getShape().get(1);
        NDArray padding = rows.getManager()
                .zeros(new Shape(1, 512 - length, rows.getShape().get(2)));
        return new PromptEmbedding(rows.concat(padding, 1), (int) length);
    }

    private static JsonNode read(String name) {
        try {
            return JSON.readTree(CASES.resolve(name).resolve("case.json").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
