package io.lowpass.lab.evaluate.figures;

import ai.djl.ndarray.NDArray;
import io.lowpass.caching.LowPass;
import java.util.Locale;

/** A part of a prediction. */
enum Band {
    /** All of it. */
    WHOLE,
    /** The frequencies within the paper's disc. */
    LOW,
    /** The others. */
    HIGH;

    /** The prediction with this part taken from the step before. */
    NDArray reused(NDArray now, NDArray before, LowPass lowPass) {
        return switch (this) {
            case WHOLE -> before.duplicate();
            case LOW -> now.add(lowPass.low(before.sub(now)));
            case HIGH -> before.sub(lowPass.low(before.sub(now)));
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
