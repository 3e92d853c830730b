package io.lowpass.diffusion.schedulers.multistep;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.schedulers.noise.NoiseSchedule;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.solver.ScheduledTrajectory;
import io.lowpass.tensor.Arrays;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A trajectory whose solver keeps earlier predictions, of clean latents or of noise. */
abstract class MultistepTrajectory implements ScheduledTrajectory {

    final Sigmas schedule;
    private final SolverTarget target;
    private final int order;
    private final Deque<NDArray> history = new ArrayDeque<>();
    private int next;

    /** Keeps {@code order} predictions, including the newest. */
    MultistepTrajectory(Sigmas schedule, SolverTarget target, int order) {
        this.schedule = schedule;
        this.target = target;
        this.order = order;
    }

    /** Computes one step; its prediction is not yet in the history. */
    abstract NDArray solve(int step, NDArray latents, NDArray predicted);

    @Override
    public final NoiseSchedule schedule() {
        return schedule;
    }

    @Override
    public final NDArray advance(int step, NDArray latents, NDArray prediction) {
        if (step != next) {
            throw new IllegalStateException("step " + step + " does not follow step " + (next - 1));
        }
        next++;
        return solve(step, latents, target.of(step, schedule, latents, prediction));
    }

    /** Adds a prediction to the history, so that it outlives its step. */
    final void remember(NDArray predicted, NDArray latents) {
        history.addFirst(keep(predicted, latents));
        if (history.size() > order) {
            history.removeLast().close();
        }
    }

    /** Keeps an array as long as the latents. */
    static NDArray keep(NDArray array, NDArray latents) {
        return Arrays.keep(array, latents.getManager());
    }

    /** The kept predictions, newest first. */
    final List<NDArray> remembered() {
        return new ArrayList<>(history);
    }

    @Override
    public void close() {
        history.forEach(NDArray::close);
        history.clear();
    }
}
