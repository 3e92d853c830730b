package io.lowpass.local;

import io.lowpass.contracts.Job;
import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCard.Worker;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.contracts.request.RequestValidation;
import io.lowpass.models.families.Families;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The models of a local stack with their catalogue.
 *
 * @param folders folders by model name
 * @param catalogue catalogue of the same models
 */
record Models(Map<String, Path> folders, ModelCatalogue catalogue) {

    /** Name of the model that ships with the project. */
    static final String DEMO = "demo";

    /** Default bucket. */
    static final String BUCKET = "videos";

    /** The model that ships with the project. */
    static Models demo(Path folder) {
        return new Models(Map.of(DEMO, folder), ModelCatalogue.SHIPPED);
    }

    /**
     * The model of a folder, with the limits of its configuration and the defaults of its pipeline.
     *
     * @throws IllegalArgumentException if the folder is not a model folder, or its name is not a valid model name
     */
    static Models of(Path folder) {
        String name = String.valueOf(folder.getFileName())
                .replaceAll("[^A-Za-z0-9._-]", "-")
                .replaceAll("^[._-]+", "");
        if (!ModelCard.NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    folder + " would be called '" + name + "', allowed is " + ModelCard.NAMES + ": rename the folder");
        }
        ModelCard card = FolderCard.of(name, Families.open(folder));
        return new Models(Map.of(name, folder), new ModelCatalogue(name, List.of(card)));
    }

    /**
     * Several models; the first is the default.
     *
     * @throws IllegalArgumentException if two of them have the same name
     */
    static Models joined(List<Models> all) {
        Map<String, Path> folders = new TreeMap<>();
        all.stream().flatMap(models -> models.folders().entrySet().stream()).forEach(model -> {
            Path other = folders.put(model.getKey(), model.getValue());
            if (other != null) {
                throw new IllegalArgumentException("folders with the same name are " + other + " and "
                        + model.getValue() + ", allowed are different ones: requests tell models apart by them");
            }
        });
        List<ModelCard> cards = all.stream()
                .flatMap(models -> models.catalogue().models().stream())
                .toList();
        return new Models(folders, new ModelCatalogue(all.get(0).name(), cards));
    }

    /** Copies the map. */
    Models {
        folders = Map.copyOf(folders);
    }

    /** Name of the default model. */
    String name() {
        return catalogue.defaultModel();
    }

    /** Catalogue entry of the default model. */
    ModelCard card() {
        return catalogue.find(name()).orElseThrow();
    }

    /**
     * Rejects a video that the job's model cannot make for reasons outside the catalogue.
     *
     * @throws IllegalArgumentException naming height, width or frames, the value and what is allowed
     */
    void requireVideo(Job job) {
        Path folder = Optional.ofNullable(folders.get(job.model())).orElseThrow();
        Families.open(folder)
                .limits()
                .requireVideo(job.size().height(), job.size().width(), job.numFrames());
    }

    /** The validation of ingestion. */
    RequestValidation rules() {
        return new RequestValidation(catalogue, BUCKET, Clock.systemUTC(), new SecureRandom());
    }

    /**
     * The catalogue with the locations and settings for workers.
     *
     * @param worker settings for a model's folder
     */
    ModelCatalogue catalogue(Function<Path, Worker> worker) {
        List<ModelCard> cards = catalogue.models().stream()
                .map(card -> card.with(worker.apply(
                        Optional.ofNullable(folders.get(card.name())).orElseThrow())))
                .toList();
        return new ModelCatalogue(name(), cards);
    }
}
