package io.lowpass.caching.faster;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.Forecast;
import io.lowpass.diffusion.blocks.Features;

/** The last two outputs of one attention layer, and their linear extrapolation. */
final class AttentionHistory {

    /** Number of outputs in an extrapolation. */
    static final int LENGTH = 2;

    private final Forecast outputs;
    private final FasterCache.PredictorHistory history;
    private int count;

    AttentionHistory(NDManager memory, FasterCache.PredictorHistory history) {
        this.outputs = new Forecast(memory, 1, Forecast.Form.NEWTON);
        this.history = history;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Keeps an output that was computed, and returns it. */
    Features computed(Features output) {
        outputs.update(count, output);
        count++;
        return output;
    }

    /** The last output plus {@code weight} times its difference to the one before. */
    Features extrapolated(double weight) {
        Features output = outputs.at(count - 1 + weight);
        // A single output is its own extrapolation, and is kept already.
        return history == FasterCache.PredictorHistory.OUTPUTS && count > 1 ? computed(output) : output;
    }
}
