package io.lowpass.models.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiffusersFolderTest {

    @TempDir
    Path copy;

    @Test
    void knowsTheComponents() {
        // When
        DiffusersFolder folder = DiffusersFolder.open(
                ReferenceTensors.demoModel(),
                Map.of(
                        "tokenizer",
                        List.of("T5TokenizerFast"),
                        "text_encoder",
                        List.of("UMT5EncoderModel"),
                        "transformer",
                        List.of("WanTransformer3DModel"),
                        "vae",
                        List.of("AutoencoderKLWan"),
                        "scheduler",
                        List.of("FlowMatchEulerDiscreteScheduler")));
        // Then
        assertThat(folder.pipeline()).isEqualTo("WanPipeline");
        assertThat(folder.components())
                .hasSize(5)
                .containsEntry("vae", "AutoencoderKLWan")
                .doesNotContainKey("transformer_2");
        assertThat(folder.schedulerConfig())
                .containsEntry("_class_name", "FlowMatchEulerDiscreteScheduler")
                .containsEntry("shift", 3.0);
        assertThatThrownBy(() -> folder.component("image_encoder"))
                .hasMessageContaining("no component 'image_encoder'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_class_name | \"FluxPipeline\" | WanImageToVideoPipeline, WanPipeline]",
                "vae | [\"diffusers\", \"AutoencoderKL\"] | vae is [\"diffusers\",\"AutoencoderKL\"], allowed is [AutoencoderKLWan]",
                "vae | [null, null] | vae is [null,null], allowed is [AutoencoderKLWan]",
                "transformer_2 | [\"diffusers\", \"WanTransformer3DModel\"] | allowed is null",
                "boundary_ratio | 0.9 | transformer_2 is [null,null], allowed is [WanTransformer3DModel]",
                "boundary_ratio | 1.5 | boundary_ratio is 1.5, allowed is null or a number between 0 and 1",
                "expand_timesteps | true | expand_timesteps is true, allowed is false"
            })
    void refusesPipelinesThatItDoesNotUnderstand(String field, String value, String message) throws IOException {
        // Given
        ObjectNode index = index();
        index.set(field, ReferenceTensors.parsed(value));
        save(index);
        // When, Then
        assertThatThrownBy(() -> Families.open(copy))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void namesTheMissingFolderOrFile() throws IOException {
        // When, Then
        assertThatThrownBy(() -> Families.open(copy)).hasMessageContaining("model_index.json does not exist");
        save(index());
        assertThatThrownBy(() -> Families.open(copy)).hasMessageContaining("scheduler does not exist");
        Files.writeString(copy.resolve("model_index.json"), "{");
        assertThatThrownBy(() -> Families.open(copy)).hasMessageContaining("model_index.json is not JSON");
    }

    @Test
    void readsTheInfiniteNumbersThatSchedulersAreSavedWith() throws IOException {
        // Given
        copyTree(ReferenceTensors.golden("models/wan-pipeline"));
        ObjectNode index = index();
        index.set("scheduler", ReferenceTensors.parsed("[\"diffusers\", \"DPMSolverMultistepScheduler\"]"));
        save(index);
        Files.writeString(
                copy.resolve("scheduler/scheduler_config.json"),
                "{\"_class_name\": \"DPMSolverMultistepScheduler\", \"prediction_type\": \"flow_prediction\","
                        + " \"use_flow_sigmas\": true, \"flow_shift\": 5.0, \"lambda_min_clipped\": -Infinity}");
        // When
        Map<String, ?> config = Families.open(copy).schedulerConfig();
        // Then
        assertThat(Schedulers.of(config)).isEqualTo(Schedulers.named("dpm++", 5));
    }

    @Test
    void refusesToComputeInHalfPrecision() {
        // Given
        VideoModel folder = Families.open(ReferenceTensors.demoModel());
        // When, Then
        assertThatThrownBy(() -> TextToVideoPipeline.open(folder, Device.cpu(), Precision.F16))
                .hasMessageContaining("dtype is f16, allowed is f32 or bf16");
    }

    @Test
    void namesParametersThatDiffer() throws IOException {
        // Given
        Path model = ReferenceTensors.golden("models/wan-pipeline");
        copyTree(model);
        Path config = copy.resolve("text_encoder/config.json");
        ObjectNode wider = (ObjectNode) new ObjectMapper().readTree(config.toFile());
        Files.writeString(config, wider.put("d_ff", 41).put("num_layers", 3).toString());
        VideoModel folder = Families.open(copy);
        // When, Then
        assertThatThrownBy(() -> TextToVideoPipeline.open(folder, Device.cpu(), Precision.F32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text_encoder does not match its configuration")
                .hasMessageContaining("missing encoder.block.2.layer.0.SelfAttention.q.weight (24, 24)")
                .hasMessageContaining(
                        "misshapen encoder.block.0.layer.1.DenseReluDense.wo.weight (24, 40), expected (24, 41)");
    }

    private ObjectNode index() {
        return ReferenceTensors.json(ReferenceTensors.golden("models/wan-pipeline/model_index.json"))
                .deepCopy();
    }

    private void save(ObjectNode index) throws IOException {
        Files.writeString(copy.resolve("model_index.json"), index.toString());
    }

    private void copyTree(Path from) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path to = copy.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(to);
                } else {
                    Files.write(to, Files.readAllBytes(path));
                }
            }
        }
    }
}
