package io.lowpass.contracts.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.EventJson;
import io.lowpass.contracts.Size;
import io.lowpass.contracts.request.ModelCard.Limits;
import io.lowpass.contracts.request.ModelCard.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCatalogueTest {

    private static final String ENTRY = """
            - name: wan
              sizeMultiple: 16
              frameMultiple: 4
              size: 832x480
              numFrames: 81
              fps: 16
              steps: 40
              guidanceScale: 4
              scheduler: unipc
            """;

    @TempDir
    private Path directory;

    private ModelCatalogue read(String text) throws IOException {
        return ModelCatalogue.read(Files.writeString(directory.resolve("models.yaml"), text));
    }

    private static String catalogue(String entries) {
        return "defaultModel: wan\nmodels:\n" + entries;
    }

    @Test
    void everythingOfAnEntryIsRead() throws IOException {
        // When
        ModelCatalogue catalogue = read(catalogue("""
                # comments are fine
                - name: wan
                  sizeMultiple: 16
                  frameMultiple: 4
                  size: 832x480
                  numFrames: 81
                  fps: 16
                  steps: 40
                  guidanceScale: 4
                  guidanceScale2: 3
                  flowShift: 5
                  scheduler: unipc
                  schedulers: [unipc, euler]
                  fields: [negativePrompt, flowShift, guidanceScale2, image]
                  needs: [image]
                  cache: {policy: precise, preset: turbo}
                  limits: {minWidth: 64, minHeight: 32, maxWidth: 1280, maxHeight: 720, pixels: 921600,
                           minFrames: 5, frames: 129, steps: 100, fps: 30}
                  worker: {folder: /models/wan, device: gpu:0, vaeDevice: gpu:1, dtype: bf16, weights: streamed, threads: 8,
                           cacheProfiles: /models/profiles.json, memory: 30000000000}
                """));
        // Then
        assertThat(catalogue.defaultModel()).isEqualTo("wan");
        assertThat(catalogue.models())
                .containsExactly(new ModelCard(
                        "wan",
                        16,
                        4,
                        new Size(832, 480),
                        81,
                        16,
                        40,
                        4,
                        OptionalDouble.of(3),
                        5,
                        "unipc",
                        List.of("unipc", "euler"),
                        List.of("negativePrompt", "flowShift", "guidanceScale2", "image"),
                        List.of("image"),
                        new CacheSettings("precise", Optional.of("turbo"), Map.of()),
                        new Limits(64, 32, 1280, 720, 921_600, 5, 129, 100, 30),
                        Optional.of(new Worker(
                                "/models/wan",
                                Optional.of("gpu:0"),
                                Optional.of("gpu:1"),
                                Optional.of("bf16"),
                                Optional.of("streamed"),
                                OptionalInt.of(8),
                                Optional.of("/models/profiles.json"),
                                OptionalLong.of(30_000_000_000L)))));
    }

    @Test
    void whatMayBeLeftOutHasADefault() throws IOException {
        // When
        ModelCard card = read(catalogue(ENTRY)).find("wan").orElseThrow();
        // Then
        assertThat(card.flowShift()).isEqualTo(1);
        assertThat(card.schedulers()).containsExactly("unipc");
        assertThat(card.fields()).containsExactly("negativePrompt", "flowShift");
        assertThat(card.needs()).isEmpty();
        assertThat(card.cache()).isEqualTo(CacheSettings.NONE);
        assertThat(card.limits()).isEqualTo(new Limits(16, 16, 16_384, 16_384, 1 << 24, 1, 1 << 16, 1000, 120));
        assertThat(card.worker()).isEmpty();
    }

    @Test
    void theExampleInTheDocumentationIsACatalogue() throws IOException {
        // Given
        String page = Files.readString(Path.of(System.getProperty("lowpass.root"), "deploy/docs/OPERATIONS.md"));
        int start = page.indexOf("```yaml\n") + "```yaml\n".length();
        // When
        ModelCatalogue catalogue = read(page.substring(start, page.indexOf("```", start)));
        // Then
        assertThat(catalogue.models())
                .extracting(ModelCard::name)
                .containsExactly("wan-1.3b", "hunyuan", "cogvideox-5b");
        assertThat(catalogue.models()).allMatch(card -> card.worker().isPresent());
    }

    @Test
    void aCatalogueIsReadAsItIsWrittenInBothForms() throws IOException {
        // Given
        ModelCatalogue written = read(catalogue(ENTRY + "  worker: {folder: /models/wan}\n"));
        // When, Then
        assertThat(read(written.yaml())).isEqualTo(written);
        assertThat(read(EventJson.text(written))).isEqualTo(written);
        assertThat(read(ModelCatalogue.SHIPPED.yaml())).isEqualTo(ModelCatalogue.SHIPPED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size: 832x480 | size: 832*480 | models.wan.size is \"832*480\", allowed is WIDTHxHEIGHT",
                "size: 832x480 | size: 830x480 | models.wan.size is \"830x480\", allowed is width and height multiples of 16",
                "numFrames: 81 | numFrames: 80 | models.wan.numFrames is 80, allowed is 4n + 1",
                "numFrames: 81 | numFrames: many | models.wan.numFrames is \"many\", allowed is a whole number from 1",
                "fps: 16 | fps: 0 | models.wan.fps is 0, allowed is a whole number from 1 to 120",
                "fps: 16 | fsp: 16 | models.wan.fps is missing, allowed is a value",
                "fps: 16 | fsp: 16 | models.wan.fsp is 16, allowed is one of name,",
                "name: wan | name: 'wan 1' | models.wan 1.name is \"wan 1\", allowed is 1 to 64 of",
                "steps: 40 | 'steps: 4\n  cache: {policy: precise}' | models.wan.steps is 4, allowed is 9 or more with cache.policy",
                "steps: 40 | 'steps: 40, limits: {frames: 8}' | is no YAML",
                "scheduler: unipc | schedulers: [euler] | models.wan.scheduler is missing",
                "fps: 16 | {fps: 16, fields: [imge]} | is no YAML",
                "defaultModel: wan | defaultModel: other | defaultModel is \"other\", allowed is one of the models: wan",
                "models: | model: | models is missing, allowed is a list of at least one model",
                "models: | 'models: []\nmodel:' | models is [], allowed is a list of at least one model",
                "models: | 'models: {}\nmodel:' | models is {}, allowed is a list of at least one model"
            })
    void whatIsWrongIsSaidWithFileFieldValueAndWhatIsAllowed(String right, String wrong, String message) {
        // When, Then
        assertThatThrownBy(() -> read(catalogue(ENTRY).replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models.yaml")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fields: [imge] | models.wan.fields is [\"imge\"], allowed is a list of some of negativePrompt",
                "cache: {policy: precise, warmUp: 40} | models.wan.steps is 40, allowed is more than cache.warmUp",
                "guidanceScale2: 3 | models.wan.guidanceScale2 is 3, allowed is none, unless `fields` names it, too",
                "needs: [image] | models.wan.needs is [\"image\"], allowed is a list of some of negativePrompt, flowShift",
                "schedulers: [euler] | models.wan.scheduler is \"unipc\", allowed is one of euler",
                "limits: {frames: 49} | models.wan.numFrames is 81, allowed is a whole number from 1 to 49",
                "limits: {widht: 49} | models.wan.limits.widht is 49, allowed is one of minWidth",
                "cache: {policy: precice} | models.wan.cache.policy is \"precice\", allowed is one of none",
                "worker: {device: gpu} | models.wan.worker.folder is missing",
                "worker: {device: gpu} | models.wan.worker.device is \"gpu\", allowed is cpu, or gpu:N",
                "worker: {folder: m, vaeDevice: tpu} | models.wan.worker.vaeDevice is \"tpu\", allowed is cpu, or gpu:N",
                "worker: {folder: m, dtype: f64} | models.wan.worker.dtype is \"f64\", allowed is one of f32, bf16",
                "worker: {folder: m, weights: disk} | models.wan.worker.weights is \"disk\", allowed is one of auto",
                "worker: {folder: m, threads: 0} | models.wan.worker.threads is 0, allowed is a whole number from 1"
            })
    void soIsWhatIsWrongWithinAnEntry(String line, String message) {
        // When, Then
        assertThatThrownBy(() -> read(catalogue(ENTRY + "  " + line + "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models.yaml")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3", "14", "1_000", "0x1F", "1e3", "true", "null", "no", "1.2.3", "a-b_c.d"})
    void aNameThatLooksLikeSomethingElseIsReadAsItIsWritten(String name) throws IOException {
        // Given
        ModelCatalogue written = read(catalogue(ENTRY).replace(": wan", ": \"" + name + "\""));
        // When, Then
        assertThat(written.defaultModel()).isEqualTo(name);
        assertThat(read(written.yaml())).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fields: [] | fields: [negativePrompt, {a: b}] | models.wan.fields is [\"negativePrompt\",{\"a\":\"b\"}], allowed is a list of",
                "fields: [] | schedulers: [unipc, 1.3] | models.wan.schedulers is [\"unipc\",1.3], allowed is a list of texts",
                "fields: [] | schedulers: unipc | models.wan.schedulers is \"unipc\", allowed is a list of texts",
                "fields: [] | cache: &c {policy: none} | nothing",
                "fps: 16 | fps: &rate 16 | nothing",
                "steps: 40 | steps: *rate | has an alias, *rate, at line 9, allowed is what it means, written out",
                "fields: [] | worker: *there | has an alias, *there",
                "fields: [] | '<<: *base' | has an alias, *base"
            })
    void whatAReaderOfYamlMakesUpIsRefused(String right, String wrong, String message) throws IOException {
        // Given
        String text = catalogue(ENTRY + "  fields: []\n").replace(right, wrong);
        // When, Then
        if (message.equals("nothing")) {
            assertThat(read(text).models()).hasSize(1);
        } else {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("models.yaml")
                    .hasMessageContaining(message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"---\nmodels: []\n", "---\n"})
    void aSecondDocumentIsRefused(String more) {
        // When, Then
        assertThatThrownBy(() -> read(catalogue(ENTRY) + more))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models.yaml has something after the catalogue");
    }

    @Test
    void relativePathsBeginWhereTheFileIs() throws IOException {
        // Given
        String entry = ENTRY + "  worker: {folder: wan/small, cacheProfiles: ../profiles.json}\n";
        // When
        Worker worker =
                read(catalogue(entry)).find("wan").flatMap(ModelCard::worker).orElseThrow();
        // Then
        assertThat(Path.of(worker.folder())).isEqualTo(directory.resolve("wan/small"));
        assertThat(worker.cacheProfiles().map(Path::of)).contains(directory.resolve("../profiles.json"));
    }

    @Test
    void whyAFileCannotBeReadIsSaid() throws IOException {
        // Given
        Path bytes = Files.write(directory.resolve("bytes.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        String nested = "{a: ".repeat(2000);
        // When, Then
        assertThatThrownBy(() -> ModelCatalogue.read(directory)).hasMessageContaining("Is a directory");
        assertThatThrownBy(() -> ModelCatalogue.read(bytes)).hasMessageContaining("Malformed");
        assertThatThrownBy(() -> read(nested))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("models.yaml is no YAML");
    }

    @Test
    void aNameIsForOneModelAndAFieldForOneValue() {
        assertThatThrownBy(() -> read(catalogue(ENTRY + ENTRY)))
                .hasMessageContaining("models.wan.name is \"wan\", allowed is a name that no other model has");
        assertThatThrownBy(() -> read(catalogue(ENTRY + "  fps: 8\n"))).hasMessageContaining("Duplicate field 'fps'");
        assertThatThrownBy(() -> read("wan")).hasMessageContaining("is no model catalogue");
        assertThatThrownBy(() -> ModelCatalogue.read(directory.resolve("other.yaml")))
                .hasMessageContaining("other.yaml");
    }

    @Test
    void aCatalogueWhoseDefaultIsNotInItIsRefused() {
        assertThatThrownBy(() -> new ModelCatalogue("other", ModelCatalogue.SHIPPED.models()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'other'")
                .hasMessageContaining("demo");
    }
}
