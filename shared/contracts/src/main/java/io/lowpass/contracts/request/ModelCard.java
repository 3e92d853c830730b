package io.lowpass.contracts.request;

import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Size;
import java.util.List;

/**
 * What must be known of a model to take or refuse a request, without loading it.
 *
 * @param name as requests and jobs say it
 * @param sizeMultiple pixels that width and height must be a multiple of: stride of the VAE times patch size
 * @param frameMultiple the number of frames must be a multiple of this, plus 1: temporal stride of the VAE
 * @param size where a request gives none; as the fields after it
 * @param schedulers what the model can be sampled with
 * @param fields those of {@link #OWN_FIELDS} that the model has a use for
 * @param cache the caching method where a request names none
 * @param limits the most that may be asked for
 */
public record ModelCard(
        String name,
        int sizeMultiple,
        int frameMultiple,
        Size size,
        int numFrames,
        int fps,
        int steps,
        double guidanceScale,
        double flowShift,
        String scheduler,
        List<String> schedulers,
        List<String> fields,
        CacheSettings cache,
        Limits limits) {

    /** Fields of a request that some models have a use for and others have not. */
    public static final List<String> OWN_FIELDS = List.of(
            "negativePrompt", "flowShift", "guidanceScale2", "trueCfgScale", "useDynamicCfg", "image", "lastImage");

    public ModelCard {
        schedulers = List.copyOf(schedulers);
        fields = List.copyOf(fields);
        for (String field : fields) {
            if (!OWN_FIELDS.contains(field)) {
                throw new IllegalArgumentException("fields of model " + name + " has '" + field
                        + "', allowed are some of " + String.join(", ", OWN_FIELDS));
            }
        }
    }

    /** Whether the model has a use for a field of a request. */
    boolean uses(String field) {
        return fields.contains(field);
    }

    /**
     * The most that may be asked for.
     *
     * @param pixels width times height
     * @param frames of the video
     * @param steps of denoising
     * @param fps frames per second
     */
    public record Limits(int pixels, int frames, int steps, int fps) {}
}
