package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;
import io.lowpass.tensor.Arrays;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A trajectory whose solver remembers what earlier steps predicted of the clean latents. */
abstract class MultistepTrajectory implements LevelledTrajectory {

    final NoiseLevels levels;
    private final int order;
    private final Deque<NDArray> history = new ArrayDeque<>();
    private int next;

    /** Remembers {@code order} predictions, the newest included. */
    MultistepTrajectory(NoiseLevels levels, int order) {
        this.levels = levels;
        this.order = order;
    }

    /** One step, with the prediction of the clean latents at this step, which is not yet part of the history. */
    abstract NDArray solve(int step, NDArray latents, NDArray clean);

    @Override
    public final Levels levels() {
        return levels;
    }

    @Override
    public final NDArray advance(int step, NDArray latents, NDArray prediction) {
        if (step != next) {
            throw new IllegalStateException("step " + step + " does not follow step " + (next - 1));
        }
        next++;
        return solve(step, latents, latents.sub(prediction.mul(levels.sigma(step))));
    }

    /** Adds a prediction to the history, where it outlives the step. */
    final void remember(NDArray clean, NDArray latents) {
        history.addFirst(keep(clean, latents));
        if (history.size() > order) {
            history.removeLast().close();
        }
    }

    /** Lets an array live as long as the latents. */
    static NDArray keep(NDArray array, NDArray latents) {
        return Arrays.keep(array, latents.getManager());
    }

    /** The remembered predictions, newest first. */
    final List<NDArray> remembered() {
        return new ArrayList<>(history);
    }

    @Override
    public void close() {
        history.forEach(NDArray::close);
        history.clear();
    }
}
