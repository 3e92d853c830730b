package io.lowpass.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCard.Worker;
import io.lowpass.contracts.request.ModelCatalogue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogues that are mounted into containers. */
class CatalogueFilesTest {

    private static final Path ROOT = Path.of(System.getProperty("lowpass.root"));

    @ParameterizedTest
    @ValueSource(strings = {"deploy/models.yaml", "deploy/kubernetes/base/models.yaml"})
    void haveTheModelThatShipsWhereItIsMounted(String file) {
        // Given
        Worker worker = new Worker(
                "/models/demo-model",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty());
        List<ModelCard> expected = ModelCatalogue.SHIPPED.models().stream()
                .map(card -> card.with(worker))
                .toList();
        // When
        ModelCatalogue catalogue = ModelCatalogue.read(ROOT.resolve(file));
        // Then
        assertThat(catalogue.defaultModel()).isEqualTo(ModelCatalogue.SHIPPED.defaultModel());
        assertThat(catalogue.models()).isEqualTo(expected);
    }
}
