package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a worker works at. */
public enum WorkerKind {
    /** From prompts to latents. */
    SAMPLER,
    /** From latents to fragments of a file. */
    ENCODER;

    /** Name of the kind in events, in lower case. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
