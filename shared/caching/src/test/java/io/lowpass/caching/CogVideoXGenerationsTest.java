package io.lowpass.caching;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.cogvideox.CogVideoXTransformer;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The methods that work on attention against diffusers' own, on a small CogVideoX. The prompts are stored as the reference
 * encoded them.
 */
class CogVideoXGenerationsTest {

    private static final Path CASES = Path.of(System.getProperty("lowpass.root"), "shared", "golden");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};
    private static final int DEPTH = 3;

    @ParameterizedTest
    @ValueSource(strings = {"pab", "fastercache"})
    void everyStepIsWhatTheReferenceComputes(String method) throws IOException {
        // Given
        Path folder = CASES.resolve("generation-cogvideox-2b-" + method);
        JsonNode json = JSON.readTree(folder.resolve("case.json").toFile());
        JsonNode settings = json.get("settings");
        Path model = folder.resolve(json.get("model").asText());
        List<Work> work = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                InputStream file = Files.newInputStream(folder.resolve("tensors.safetensors"));
                NoiseSource noise = new NoiseSource(settings.get("seed").asLong(), NoiseSource.Layout.FRAMES_FIRST);
                CogVideoXTransformer transformer =
                        CogVideoXTransformer.load(model.resolve("transformer"), Precision.F32, Device.cpu())) {
            NDList expected = NDList.decode(manager, file);
            NDList prompts = prompts(manager);
            NDArray drawn =
                    noise.draw(manager, swapped(expected.get("out.latents.0")).getShape());
            Sampler sampler = new Sampler(
                    transformer,
                    Schedulers.of(JSON.readValue(
                            model.resolve("scheduler/scheduler_config.json").toFile(), FIELDS)),
                    new Guidance(settings.get("guidanceScale").asDouble()),
                    policy(settings.get("cache")));
            // When
            sampler.sample(
                    drawn,
                    branch -> prompt(prompts, branch.name()),
                    new VideoSpec(48, 64, 9, 8, 6),
                    settings.get("steps").asInt(),
                    (report, latents) -> {
                        work.add(report.work());
                        String tensor = "out.latents." + report.step().index();
                        Optional.ofNullable(expected.get(tensor))
                                .ifPresent(other -> errors.add(error(latents, swapped(other))));
                    });
        }
        // Then
        List<Integer> attentions =
                work.stream().map(CogVideoXGenerationsTest::attentions).toList();
        assertThat(attentions)
                .isEqualTo(JSON.convertValue(
                        settings.get("selfAttentionsComputed"), new TypeReference<List<Integer>>() {}));
        double tolerance = json.get("tolerance").asDouble();
        assertThat(errors).hasSize(6).allSatisfy(error -> assertThat(error).isLessThan(tolerance));
    }

    /** Attentions that ran in each branch that ran, which the reference has in one batch. */
    private static int attentions(Work work) {
        return (work.subLayers() - DEPTH * work.predictions()) / work.predictions();
    }

    private static double error(NDArray ours, NDArray expected) {
        return ours.sub(expected).abs().max().getFloat() / expected.abs().max().getFloat();
    }

    /** The reference has frames before channels. */
    private static NDArray swapped(NDArray latents) {
        return latents.transpose(0, 2, 1, 3, 4);
    }

    private static CachePolicy policy(JsonNode cache) {
        Map<String, Object> options = JSON.convertValue(cache, FIELDS);
        return CachePolicies.of(String.valueOf(options.remove("policy")), Optional.empty(), options);
    }

    private static NDList prompts(NDManager manager) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(CogVideoXGenerationsTest.class.getResourceAsStream("prompts.safetensors"))) {
            return NDList.decode(manager, file);
        }
    }

    private static PromptEmbedding prompt(NDList prompts, String branch) {
        NDArray rows = prompts.get("cogvideox." + branch.toLowerCase(Locale.ROOT));
        return new PromptEmbedding(rows, (int) rows.getShape().get(1));
    }
}
