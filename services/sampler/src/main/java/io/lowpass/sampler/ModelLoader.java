package io.lowpass.sampler;

/** How a model is brought into memory. */
public interface ModelLoader {

    /**
     * Bytes of its weights, from its settings alone.
     *
     * @throws IllegalArgumentException if the settings are not understood
     */
    long weights();

    /**
     * Loads it.
     *
     * @param room bytes that its weights may take; what is larger stays in its files
     * @throws IllegalArgumentException naming the folder, file, setting or parameter that is missing or wrong
     */
    Generator load(long room);
}
