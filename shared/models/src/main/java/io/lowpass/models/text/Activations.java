package io.lowpass.models.text;

import java.util.List;
import java.util.stream.Stream;

/** The activations that the text models know, under the names of transformers. */
final class Activations {

    private static final List<String> NAMES =
            List.of("silu", "swish", "quick_gelu", "gelu", "gelu_new", "gelu_pytorch_tanh", "relu");

    private Activations() {}

    /** The names as JSON texts, and {@code null} for each model's own default. */
    static String[] allowed() {
        return Stream.concat(NAMES.stream().map(name -> '"' + name + '"'), Stream.of("null"))
                .toArray(String[]::new);
    }
}
