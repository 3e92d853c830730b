package io.lowpass.caching;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Sampler;
import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.models.cogvideox.CogVideoXTransformer;
import io.lowpass.models.hunyuan.HunyuanTransformer;
import io.lowpass.models.opensora.OpenSoraTransformer;
import io.lowpass.models.wan.WanTransformer;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method on a small model of every family: it reuses something, or refuses with a reason. */
class PoliciesOnFamiliesTest {

    private static final Path MODELS = Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models");
    private static final VideoSpec CLIP = new VideoSpec(128, 128, 13, 8, 5);
    private static final int STEPS = 14;

    /**
     * A family's small model.
     *
     * @param textWidth width of its prompts' states
     * @param pooledWidth width of their pooled state, 0 if there is none
     */
    private record Family(String folder, int channels, int textWidth, int pooledWidth) {

        VideoTransformer load() {
            Path path = MODELS.resolve(folder);
            return switch (folder.substring(0, 3)) {
                case "hun" -> HunyuanTransformer.load(path, Precision.F32, Device.cpu());
                case "cog" -> CogVideoXTransformer.load(path, Precision.F32, Device.cpu());
                case "ope" -> OpenSoraTransformer.load(path, Precision.F32, Device.cpu());
                default -> WanTransformer.load(path, Precision.F32, Device.cpu());
            };
        }

        PromptEmbedding prompt(NDManager manager, int seed) {
            return new PromptEmbedding(
                    Noise.normal(manager, seed, new Shape(1, 10, textWidth)),
                    10,
                    Optional.of(pooledWidth)
                            .filter(width -> width > 0)
                            .map(width -> Noise.normal(manager, seed, new Shape(1, width))));
        }

        @Override
        public String toString() {
            return folder;
        }
    }

    private static final List<Family> FAMILIES = List.of(
            new Family("wan-transformer", 16, 24, 0),
            new Family("hunyuan-transformer", 4, 20, 12),
            new Family("cogvideox-2b-transformer", 4, 16, 0),
            new Family("cogvideox-5b-transformer", 4, 16, 0),
            new Family("opensora-transformer", 4, 16, 0));

    private static final Map<String, String> OPTIONS = Map.ofEntries(
            Map.entry("none", "{}"),
            Map.entry("precise", "{\"alpha\": 5, \"blocks\": {\"cachedFraction\": 0.4, \"reuse\": 3}}"),
            Map.entry("fixed", "{\"every\": 3}"),
            Map.entry("teacache", "{\"threshold\": 1e3, \"coefficients\": [1, 1], \"signal\": \"input\"}"),
            Map.entry("easycache", "{\"threshold\": 1e3, \"warmUp\": 4}"),
            Map.entry("magcache", "{\"threshold\": 1, \"ratios\": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}"),
            Map.entry("firstblock", "{\"threshold\": 1e3}"),
            Map.entry("dbcache", "{\"fn\": 1, \"warmUp\": 4, \"threshold\": 1e3}"),
            Map.entry("seacache", "{\"threshold\": 1e3}"),
            Map.entry("taylorseer", "{}"),
            Map.entry("pab", "{\"spatialRange\": 2, \"temporalRange\": 2, \"crossRange\": 2}"),
            Map.entry("fastercache", "{}"));

    static Stream<Arguments> product() {
        return FAMILIES.stream()
                .flatMap(family -> OPTIONS.keySet().stream().sorted().map(method -> Arguments.of(family, method)));
    }

    @ParameterizedTest
    @MethodSource("product")
    void everyMethodReusesSomethingOnEveryFamily(Family family, String method) throws JsonProcessingException {
        // Given
        assertThat(OPTIONS.keySet()).isEqualTo(Set.copyOf(CachePolicies.names()));
        CachePolicy policy = policy(method);
        List<StepReport> reports = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                VideoTransformer model = family.load()) {
            NDArray noise = Noise.normal(manager, 1, new Shape(1, family.channels(), 4, 16, 16));
            PromptEmbedding prompt = family.prompt(manager, 2);
            PromptEmbedding negative = family.prompt(manager, 3);
            Sampler sampler = new Sampler(model, new FlowMatchEuler(3), new Guidance(5), policy);
            // When
            NDArray latents = sampler.sample(
                    noise,
                    branch -> branch.ordinal() == 0 ? prompt : negative,
                    CLIP,
                    STEPS,
                    (report, current) -> reports.add(report));
            // Then
            assertThat(latents.getShape()).isEqualTo(noise.getShape());
            assertThat(latents.isNaN().any().getBoolean()).isFalse();
            int all = 2 * STEPS * model.depth();
            int blocks = reports.stream().mapToInt(step -> step.work().blocks()).sum();
            int subLayers =
                    reports.stream().mapToInt(step -> step.work().subLayers()).sum();
            boolean less = blocks < all
                    || (subLayers > 0 && subLayers < all * model.subLayers().size());
            assertThat(less).isEqualTo(!method.equals("none"));
        }
    }

    private static CachePolicy policy(String method) throws JsonProcessingException {
        Map<String, Object> options = new HashMap<>(
                new ObjectMapper().readValue(OPTIONS.get(method), new TypeReference<Map<String, Object>>() {}));
        return CachePolicies.of(method, Optional.empty(), options);
    }
}
