package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What may be done about a failure. */
public enum ErrorClass {
    /** Another attempt may succeed: a worker was lost, the broker or the store was away. */
    RETRYABLE,
    /** No attempt can succeed: invalid, or too large for the device. */
    PERMANENT,
    /** The attempts are used up. */
    POISON;

    /** Name of the class in events, in lower case. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
