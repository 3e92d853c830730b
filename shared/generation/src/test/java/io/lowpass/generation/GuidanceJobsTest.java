package io.lowpass.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.models.families.Families;
import io.lowpass.tensor.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of families that are guided in ways of their own, with the scheduler of their folders. */
class GuidanceJobsTest {

    private static final Path GOLDEN = Path.of(System.getProperty("lowpass.root"), "shared/golden");

    private static JobPipeline generator(Path model) {
        return JobPipeline.open(model);
    }

    /** The job of a reference case, with what its model's folder says of the schedule. */
    private static Job job(JsonNode settings, Map<String, Object> scheduler) {
        return new Job(
                "job",
                settings.get("prompt").asText(),
                settings.path("negativePrompt").asText(),
                "m",
                new Size(settings.get("width").asInt(), settings.get("height").asInt()),
                settings.get("numFrames").asInt(),
                8,
                settings.get("steps").asInt(),
                settings.get("guidanceScale").asDouble(),
                Schedulers.shiftOf(scheduler),
                Schedulers.nameOf(scheduler),
                settings.get("seed").asLong(),
                CacheSettings.NONE,
                new Output("videos", "job.mp4"),
                Optional.empty(),
                Map.of(),
                Instant.EPOCH,
                settings.has("dynamicGuidance") ? Map.of("useDynamicCfg", settings.get("dynamicGuidance")) : Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"generation-cogvideox-5b-dynamic", "generation-cogvideox-2b", "generation-hunyuan"})
    void aJobMakesTheLatentsOfTheReference(String reference) throws IOException {
        // Given
        Path folder = GOLDEN.resolve(reference);
        JsonNode settings = EventJson.mapper().readTree(Files.readString(folder.resolve("case.json")));
        Path model = folder.resolve(settings.get("model").asText()).normalize();
        Job job = job(settings.get("settings"), Families.open(model).schedulerConfig());
        // When
        try (JobPipeline generator = generator(model);
                NDManager manager = NDManager.newBaseManager();
                Safetensors tensors = Safetensors.open(folder.resolve("tensors.safetensors"));
                Latents latents = generator.generate(job, ProgressListener.SILENT)) {
            // Then
            NDArray expected = tensors.get(manager, "out.latents");
            NDArray laidOut = reference.contains("cogvideox") ? expected.transpose(0, 2, 1, 3, 4) : expected;
            NDArray made = manager.create(latents.frames().toFloatArray(), laidOut.getShape());
            float error = made.sub(laidOut).abs().max().getFloat();
            assertThat(error).isLessThan(5e-4f * expected.abs().max().getFloat());
        }
    }

    @Test
    void trueGuidanceIsForModelsThatAreToldOfTheirGuidance() throws IOException {
        // Given
        JsonNode settings = EventJson.mapper()
                .readTree(Files.readString(GOLDEN.resolve("generation-hunyuan/case.json")))
                .get("settings");
        Path hunyuan = GOLDEN.resolve("models/hunyuan-pipeline");
        Job plain = job(settings, Families.open(hunyuan).schedulerConfig());
        Job guided = plain.with("trueCfgScale", 4.0);
        try (JobPipeline toldOfIt = generator(hunyuan);
                JobPipeline notToldOfIt = generator(GOLDEN.resolve("models/wan-pipeline"))) {
            // When
            try (Latents one = toldOfIt.generate(plain, ProgressListener.SILENT);
                    Latents two = toldOfIt.generate(guided, ProgressListener.SILENT)) {
                // Then
                assertThat(two.frames().toFloatArray())
                        .doesNotContain(Float.NaN)
                        .isNotEqualTo(one.frames().toFloatArray());
                assertThat(toldOfIt.latents().memoryFor(toldOfIt.plan(guided)))
                        .isGreaterThan(toldOfIt.latents().memoryFor(toldOfIt.plan(plain)));
            }
            assertThatThrownBy(() -> notToldOfIt.generate(guided, ProgressListener.SILENT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("trueCfgScale is 4.0, allowed is none: model m has no use for it");
        }
    }
}
