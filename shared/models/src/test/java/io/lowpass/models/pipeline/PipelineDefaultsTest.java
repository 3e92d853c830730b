package io.lowpass.models.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineDefaultsTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "hunyuan-pipeline, 1280x720, 129, 24, 50, 6, 7, euler",
        "cogvideox-2b-pipeline, 64x48, 9, 8, 50, 6, 3, ddim",
        "wan-pipeline, 832x480, 81, 16, 50, 5, 3, unipc",
        "wan-i2v-pipeline, 832x480, 81, 16, 50, 5, 3, unipc",
        "wan22-pipeline, 1280x720, 81, 16, 40, 4, 3, unipc"
    })
    void everyFamilyChoosesAsItsPipelineDoes(
            String name, String size, int frames, int fps, int steps, double guidance, double shift, String scheduler) {
        // When
        PipelineDefaults defaults =
                Families.open(ReferenceTensors.golden("models/" + name)).defaults();
        // Then
        assertThat(defaults.width() + "x" + defaults.height()).isEqualTo(size);
        assertThat(List.of(defaults.frames(), defaults.fps(), defaults.steps())).containsExactly(frames, fps, steps);
        assertThat(defaults.guidance()).isEqualTo(guidance);
        assertThat(defaults.flowShift()).isEqualTo(shift);
        assertThat(defaults.scheduler()).isEqualTo(scheduler);
        assertThat(defaults.schedulers()).contains(scheduler);
        assertThat(defaults.guidanceScale2())
                .isEqualTo(name.startsWith("wan22") ? OptionalDouble.of(3) : OptionalDouble.empty());
    }

    @Test
    void openSoraChoosesAsTheOfficialScriptDoes() throws IOException {
        // Given
        for (String component : List.of("transformer", "vae", "text_encoder")) {
            Path stored = ReferenceTensors.golden("models/opensora-" + component.replace('_', '-'));
            Files.createSymbolicLink(folder.resolve(component), stored);
        }
        // When
        VideoModel model = Families.open(folder);
        PipelineDefaults defaults = model.defaults();
        // Then
        assertThat(defaults)
                .isEqualTo(new PipelineDefaults(
                        240, 426, 51, 24, 30, 7, OptionalDouble.empty(), 1, "rflow", List.of("rflow")));
        model.limits().requireVideo(defaults.height(), defaults.width(), defaults.frames());
    }

    @Test
    void aFolderMaySayWhatSuitsItBetter() {
        // When
        PipelineDefaults demo = Families.open(ReferenceTensors.demoModel()).defaults();
        // Then
        assertThat(List.of(demo.height(), demo.width(), demo.frames(), demo.fps(), demo.steps()))
                .containsExactly(128, 128, 17, 8, 50);
        assertThat(demo.scheduler()).isEqualTo("euler");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"height\": 0} | height is 0, allowed is a whole number from 1",
                "{\"seed\": 3} | is not a known setting",
                "{ | pipeline_defaults.json is not JSON"
            })
    void whatAFolderSaysMustBeUnderstood(String text, String message) throws IOException {
        // Given
        Files.writeString(folder.resolve(PipelineDefaults.FILE_NAME), text);
        PipelineDefaults defaults =
                new PipelineDefaults(1, 1, 1, 1, 1, 1, OptionalDouble.empty(), 1, "euler", List.of("euler"));
        // When, Then
        assertThatThrownBy(() -> defaults.in(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
