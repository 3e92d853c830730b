package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a failure is handled. */
public enum ErrorClass {
    /** Another attempt may succeed: a worker was lost, or the broker or the store was unavailable. */
    RETRYABLE,
    /** No attempt can succeed: the request is invalid or too large for the device. */
    PERMANENT,
    /** All attempts have failed. */
    POISON;

    /** Name of the class in events, in lower case. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
