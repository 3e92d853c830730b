package io.lowpass.caching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.blocks.Features;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Features kept across steps: setting new ones frees the old ones. */
public final class KeptFeatures {

    private final NDManager memory;
    private @Nullable Features features;

    /** Keeps nothing yet. */
    public KeptFeatures(NDManager memory) {
        this.memory = memory;
    }

    /** Whether nothing is kept. */
    public boolean isEmpty() {
        return features == null;
    }

    /**
     * The kept features.
     *
     * @throws NoSuchElementException if nothing is kept
     */
    public Features get() {
        Features kept = features;
        if (kept == null) {
            throw new NoSuchElementException("nothing kept yet");
        }
        return kept;
    }

    /** The kept array, or the video stream of the kept features. */
    public NDArray array() {
        return get().video();
    }

    /** Keeps {@code next} in place of what was kept, and returns it. */
    public Features set(Features next) {
        free();
        features = next.keptBy(memory);
        return next;
    }

    /** Keeps {@code next} in place of what was kept, and returns it. */
    public NDArray set(NDArray next) {
        return set(Features.of(next)).video();
    }

    /** Frees the kept features. */
    public void free() {
        Features kept = features;
        if (kept != null) {
            kept.free();
        }
        features = null;
    }
}
