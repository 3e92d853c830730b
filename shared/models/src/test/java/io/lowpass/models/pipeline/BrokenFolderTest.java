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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of which a file is not what it should be: each is opened or refused with words, and nothing else happens. */
class BrokenFolderTest {

    private static final List<String> VALUES = List.of(
            "null",
            "\"x\"",
            "-1",
            "0",
            "1000000000",
            "1e308",
            "[]",
            "{}",
            "true",
            "[1000000000]",
            "[null]",
            "0.5",
            "9223372036854775808");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path copy;

    private void copyTree(String model) throws IOException {
        Path from = ReferenceTensors.golden("models/" + model);
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

    private void open() {
        VideoModel model = Families.open(copy);
        assertThat(model.defaults().steps()).isPositive();
        assertThat(model.limits().samplerWeights(Precision.F32)).isPositive();
        assertThat(Schedulers.resolve(Optional.empty(), OptionalDouble.empty(), model.schedulerConfig()))
                .isNotNull();
        TextToVideoPipeline.open(model, Device.cpu(), Precision.F32).close();
        model.openVae(Device.cpu(), Precision.F32).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wan-i2v-pipeline", "hunyuan-pipeline", "cogvideox-5b-pipeline"})
    void aSettingOfAnyValueIsTakenOrRefused(String model) throws IOException {
        // Given
        copyTree(model);
        Random random = new Random(3);
        int refused = 0;
        try (Stream<Path> paths = Files.walk(copy)) {
            for (Path file : paths.filter(path -> path.toString().endsWith(".json"))
                    .filter(path -> !path.endsWith("tokenizer.json"))
                    .toList()) {
                byte[] own = Files.readAllBytes(file);
                ObjectNode settings = (ObjectNode) JSON.readTree(own);
                for (Map.Entry<String, ?> field : settings.properties()) {
                    ObjectNode changed = settings.deepCopy();
                    changed.set(field.getKey(), JSON.readTree(VALUES.get(random.nextInt(VALUES.size()))));
                    Files.writeString(file, changed.toString());
                    // When, Then
                    refused += isRefused() ? 1 : 0;
                }
                Files.write(file, own);
            }
        }
        assertThat(refused).isGreaterThan(20);
        open();
    }

    private boolean isRefused() {
        try {
            open();
            return false;
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(4000);
            return true;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "transformer/config.json | num_layers | 1000000000 | num_layers is 1000000000, allowed is a whole number from 1 to 1024",
                "transformer/config.json | ffn_dim | 1000000000 | ffn_dim is 1000000000, allowed is a whole number from 1 to",
                "transformer/config.json | rope_max_seq_len | 400000 | rope_max_seq_len is 400000, allowed is at most 16384",
                "transformer/config.json | patch_size | [100000, 100000, 100000] | patch_size.0 is 100000, allowed is",
                "text_encoder/config.json | d_model | 1000000000 | d_model is 1000000000, allowed is",
                "scheduler/scheduler_config.json | num_train_timesteps | 1000000000 | num_train_timesteps is 1000000000, allowed is a whole number from 1 to 100000",
                "image_processor/preprocessor_config.json | size | {\"shortest_edge\": 1000000} | shortest_edge is 1000000"
            })
    void aNumberThatWouldTakeAllMemoryIsRefusedBeforeItTakesAny(String file, String field, String value, String problem)
            throws IOException {
        // Given
        copyTree("wan-i2v-pipeline");
        Path path = copy.resolve(file);
        ObjectNode settings = (ObjectNode) JSON.readTree(path.toFile());
        settings.set(field, JSON.readTree(value));
        Files.writeString(path, settings.toString());
        // When, Then
        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void anyFileMayBeAPointerOfGitLfs() throws IOException {
        // Given
        copyTree("hunyuan-pipeline");
        try (Stream<Path> paths = Files.walk(copy)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                byte[] own = Files.readAllBytes(file);
                Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 4242\n");
                // When, Then
                assertThatThrownBy(this::open)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(file + " is a Git LFS pointer, not the file itself (4242 bytes expected):"
                                + " run `git lfs pull` in " + file.getParent());
                Files.write(file, own);
            }
        }
        open();
    }
}
