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
 * The models of a local stack, and what may be asked of them.
 *
 * @param folders by the names that requests say
 * @param catalogue the same models
 */
record Models(Map<String, Path> folders, ModelCatalogue catalogue) {

    /** Name of the model that ships with the project. */
    static final String DEMO = "demo";

    /** Bucket of videos whose request names none. */
    static final String BUCKET = "videos";

    /** The model that ships with the project. */
    static Models demo(Path folder) {
        return new Models(Map.of(DEMO, folder), ModelCatalogue.SHIPPED);
    }

    /**
     * A model of a folder, with the strides and patches of its configuration and the defaults of its pipeline.
     *
     * @throws IllegalArgumentException if the folder is none of a model, or no name could be made of its own
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
     * Several models, of which the first is meant by requests that name none.
     *
     * @throws IllegalArgumentException if two of them have the same name
     */
    static Models joined(List<Models> all) {
        Map<String, Path> folders = new TreeMap<>();
        all.stream().flatMap(models -> models.folders().entrySet().stream()).forEach(model -> {
            Path other = folders.put(model.getKey(), model.getValue());
            if (other != null) {
                throw new IllegalArgumentException("folders of the same name are " + other + " and " + model.getValue()
                        + ", allowed are different ones: requests tell models apart by them");
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

    /** Name of the model that is meant by requests that name none. */
    String name() {
        return catalogue.defaultModel();
    }

    /** What may be asked of that model. */
    ModelCard card() {
        return catalogue.find(name()).orElseThrow();
    }

    /**
     * Refuses a video that the model of a job cannot make, for reasons that a catalogue does not hold.
     *
     * @throws IllegalArgumentException naming height, width or frames, the value and what is allowed
     */
    void requireVideo(Job job) {
        Path folder = Optional.ofNullable(folders.get(job.model())).orElseThrow();
        Families.open(folder)
                .limits()
                .requireVideo(job.size().height(), job.size().width(), job.numFrames());
    }

    /** The rules for requests, as ingestion applies them. */
    RequestValidation rules() {
        return new RequestValidation(catalogue, BUCKET, Clock.systemUTC(), new SecureRandom());
    }

    /**
     * The catalogue with what services need to run the models.
     *
     * @param worker of a model's folder
     */
    ModelCatalogue catalogue(Function<Path, Worker> worker) {
        List<ModelCard> cards = catalogue.models().stream()
                .map(card -> card.with(worker.apply(
                        Optional.ofNullable(folders.get(card.name())).orElseThrow())))
                .toList();
        return new ModelCatalogue(name(), cards);
    }
}
