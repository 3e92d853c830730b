package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a worker does. */
public enum WorkerKind {
    /** Turns prompts into latents. */
    SAMPLER,
    /** Turns latents into fragments of a file. */
    ENCODER;

    /** Name of the kind in events, in lower case. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
