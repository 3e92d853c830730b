package io.lowpass.contracts.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.RequestFields;
import io.lowpass.contracts.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * An entry of the {@link ModelCatalogue}: what must be known of a model to take or refuse a request, without loading it,
 * and where workers find it.
 *
 * @param name as requests and jobs say it
 * @param sizeMultiple pixels that width and height must be a multiple of: stride of the VAE times patch size
 * @param frameMultiple the number of frames must be a multiple of this, plus 1: temporal stride of the VAE
 * @param size where a request gives none; as the fields after it
 * @param guidanceScale2 of the second of two experts, where the request gives no guidance at all
 * @param schedulers what the model can be sampled with
 * @param fields those of {@link #OWN_FIELDS} that the model has a use for
 * @param needs those of them that every request must have
 * @param cache the caching method where a request names none
 * @param limits the most that may be asked for
 * @param worker where sampler and encoder find the model, and how they run it
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ModelCard(
        String name,
        int sizeMultiple,
        int frameMultiple,
        Size size,
        int numFrames,
        int fps,
        int steps,
        double guidanceScale,
        OptionalDouble guidanceScale2,
        double flowShift,
        String scheduler,
        List<String> schedulers,
        List<String> fields,
        List<String> needs,
        CacheSettings cache,
        Limits limits,
        Optional<Worker> worker) {

    /** The form of a name. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** The same for people. */
    public static final String NAMES = "1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit";

    /** Fields of a request that some models have a use for and others have not. */
    public static final List<String> OWN_FIELDS = RequestFields.ofSomeModels();

    public ModelCard {
        schedulers = List.copyOf(schedulers);
        fields = List.copyOf(fields);
        needs = List.copyOf(needs);
    }

    /** Whether the model has a use for a field of a request. */
    boolean uses(String field) {
        return fields.contains(field);
    }

    /** The same, found and run like this. */
    public ModelCard with(Worker other) {
        return new ModelCard(
                name,
                sizeMultiple,
                frameMultiple,
                size,
                numFrames,
                fps,
                steps,
                guidanceScale,
                guidanceScale2,
                flowShift,
                scheduler,
                schedulers,
                fields,
                needs,
                cache,
                limits,
                Optional.of(other));
    }

    /**
     * The least and the most that may be asked for.
     *
     * @param minWidth pixels; as the fields after it
     * @param pixels width times height
     * @param minFrames the fewest frames of what is more than a picture, which may always be asked for
     * @param frames of the video
     * @param steps of denoising
     * @param fps frames per second
     */
    public record Limits(
            int minWidth,
            int minHeight,
            int maxWidth,
            int maxHeight,
            int pixels,
            int minFrames,
            int frames,
            int steps,
            int fps) {

        /** What no entry may go beyond, whatever its model is. */
        public static final Limits LARGEST = new Limits(1, 1, 1 << 14, 1 << 14, 1 << 24, 1, 1 << 16, 1000, 120);
    }

    /**
     * What sampler and encoder need; the names and meanings are those of their settings {@code lowpass.models.<name>.*},
     * which win over what is said here.
     *
     * @param folder the model's folder, on the workers
     * @param device where samplers compute
     * @param vaeDevice where encoders do
     * @param memory bytes that the weights take in a sampler, where the estimate from the folder's shapes is not to be
     *     trusted
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Worker(
            String folder,
            Optional<String> device,
            Optional<String> vaeDevice,
            Optional<String> dtype,
            Optional<String> weights,
            OptionalInt threads,
            Optional<String> cacheProfiles,
            OptionalLong memory) {

        /** The form of a device. */
        public static final Pattern DEVICE = Pattern.compile("cpu|gpu:[0-9]{1,3}");

        /** The same for people. */
        public static final String DEVICES = "cpu, or gpu:N";

        /** The same, in which paths that are relative begin at a folder. */
        Worker in(Path base) {
            return new Worker(
                    base.resolve(folder).toString(),
                    device,
                    vaeDevice,
                    dtype,
                    weights,
                    threads,
                    cacheProfiles.map(file -> base.resolve(file).toString()),
                    memory);
        }
    }
}
