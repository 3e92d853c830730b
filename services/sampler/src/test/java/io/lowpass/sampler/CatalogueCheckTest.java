package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.VideoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueCheckTest {

    private static final Path SHARED = Path.of(System.getProperty("lowpass.root"), "shared");

    @TempDir
    private Path directory;

    private ModelCard demo(String right, String wrong) throws IOException {
        String yaml = ModelCatalogue.SHIPPED.yaml().replace(right, wrong);
        return ModelCatalogue.read(Files.writeString(directory.resolve("models.yaml"), yaml))
                .find("demo")
                .orElseThrow();
    }

    @Test
    void theCatalogueThatShipsFitsItsModel() {
        // Given
        VideoModel model = Families.open(SHARED.resolve("demo-model"));
        ModelCard card = ModelCatalogue.SHIPPED.find("demo").orElseThrow();
        // When, Then
        assertThatCode(() -> CatalogueCheck.require(card, model)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sizeMultiple: 16 | sizeMultiple: 8 | sizeMultiple is 8, allowed is a multiple of 16",
                "frameMultiple: 4 | frameMultiple: 2 | frameMultiple is 2, allowed is a multiple of 4",
                "- unipc | - ddim | schedulers is [euler, ddim, dpm++], allowed are some of [euler, unipc, dpm++]",
                "- negativePrompt | - trueCfgScale | fields is [trueCfgScale, flowShift], allowed are some of"
            })
    void whatTheModelCannotFulfilIsSaid(String right, String wrong, String message) throws IOException {
        // Given
        VideoModel model = Families.open(SHARED.resolve("demo-model"));
        ModelCard card = demo(right, wrong);
        // When, Then
        assertThatThrownBy(() -> CatalogueCheck.require(card, model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the catalogue does not fit the folder")
                .hasMessageContaining(message);
    }

    @Test
    void whatTheModelNeedsMustBeAskedOfEveryRequest() {
        // Given
        VideoModel model = Families.open(SHARED.resolve("golden/models/wan-i2v-pipeline"));
        ModelCard card = ModelCatalogue.SHIPPED.find("demo").orElseThrow();
        // When, Then
        assertThatThrownBy(() -> CatalogueCheck.require(card, model))
                .hasMessageContaining("needs is [], allowed is what has [image]");
    }
}
