package io.lowpass.sampler;

/** Loads a model. */
public interface ModelLoader {

    /**
     * Size of its weights in bytes, from its settings alone.
     *
     * @throws IllegalArgumentException if the settings are invalid
     */
    long weights();

    /**
     * Loads the model.
     *
     * @param room bytes available for its weights; larger ones are streamed
     * @throws IllegalArgumentException naming the folder, file, setting or parameter that is missing or wrong
     */
    Generator load(long room);
}
