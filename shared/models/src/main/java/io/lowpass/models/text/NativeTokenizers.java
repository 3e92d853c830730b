package io.lowpass.models.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/** The boundary to the native tokenizers. */
final class NativeTokenizers {

    private static final String OFFLINE = "ai.djl.offline";

    private NativeTokenizers() {}

    /**
     * Opens a tokenizer.
     *
     * @param source what errors call it
     * @param definition a {@code tokenizer.json}, checked
     * @param maxLength tokens that a text is cut to
     * @throws IllegalArgumentException if the library refuses it
     */
    static HuggingFaceTokenizer open(String source, byte[] definition, int maxLength) {
        stayOffline();
        String length = String.valueOf(maxLength);
        Map<String, String> options =
                Map.of("truncation", "true", "maxLength", length, "modelMaxLength", length, "padding", "false");
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(definition), options);
        } catch (IOException e) {
            throw refused(source, e);
        } catch (RuntimeException e) {
            // The library says everything with this class itself: no more special one can be named.
            throw refused(source, e);
        }
    }

    private static IllegalArgumentException refused(String source, Exception error) {
        return new IllegalArgumentException(source + " is refused by the tokenizers: " + error.getMessage(), error);
    }

    /** On a machine with CUDA, DJL would otherwise fetch a CUDA build of the tokenizers from the network. */
    private static void stayOffline() {
        if (System.getProperty(OFFLINE) == null) {
            System.setProperty(OFFLINE, "true");
        }
    }
}
