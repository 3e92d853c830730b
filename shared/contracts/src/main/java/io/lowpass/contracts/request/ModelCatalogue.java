package io.lowpass.contracts.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The models that may be asked for: a file that ingestion and the workers read.
 *
 * @param defaultModel the one that a request means which names none
 */
public record ModelCatalogue(String defaultModel, List<ModelCard> models) {

    /**
     * The model catalogue: a YAML file for ingestion, sampler and encoder with the models that requests may name, their
     * defaults and limits, and where workers find them. Its {@code defaultModel} is the default of both
     * {@code default-model} keys. Default: the catalogue that ships, with the demo model.
     */
    public static final String SETTING = "lowpass.catalogue";

    /** The catalogue that ships: the demo model alone. */
    public static final ModelCatalogue SHIPPED =
            CatalogueReader.read(Resource.text("models.yaml"), "the catalogue that ships");

    public ModelCatalogue {
        models = List.copyOf(models);
        String name = defaultModel;
        if (models.stream().noneMatch(card -> card.name().equals(name))) {
            throw new IllegalArgumentException("defaultModel '" + name + "' is none of the models "
                    + models.stream().map(ModelCard::name).toList());
        }
    }

    /**
     * Reads a catalogue from a YAML file in the form of the one that ships. Paths in it that are relative begin where
     * the file is.
     *
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if it is no catalogue, with the file and everything that is wrong with it: field,
     *     value and what is allowed
     */
    public static ModelCatalogue read(Path file) {
        try {
            return CatalogueReader.read(Files.readString(file), file.toString()).in(file);
        } catch (IOException e) {
            throw new UncheckedIOException("No model catalogue could be read from " + file + ": " + e, e);
        }
    }

    /** The same, in which paths that are relative begin where the file is. */
    private ModelCatalogue in(Path file) {
        Path folder = file.toAbsolutePath().normalize().resolveSibling("");
        List<ModelCard> found = models.stream()
                .map(card -> card.worker()
                        .map(worker -> card.with(worker.in(folder)))
                        .orElse(card))
                .toList();
        return new ModelCatalogue(defaultModel, found);
    }

    /** The model of this name. */
    public Optional<ModelCard> find(String name) {
        return models.stream().filter(card -> card.name().equals(name)).findFirst();
    }

    /** The catalogue as a file would hold it. */
    public String yaml() {
        return CatalogueReader.write(this);
    }

    /**
     * Writes the catalogue to a file and returns that.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public Path writeTo(Path file) {
        try {
            return Files.writeString(file, yaml());
        } catch (IOException e) {
            throw new UncheckedIOException("The model catalogue could not be written to " + file + ": " + e, e);
        }
    }
}
