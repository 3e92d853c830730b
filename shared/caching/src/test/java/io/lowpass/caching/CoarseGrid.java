package io.lowpass.caching;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import java.util.List;

/**
 * Euler over chosen steps of another schedule: what reusing a prediction amounts to.
 *
 * @param shift shift of the fine schedule
 * @param count number of its steps
 * @param chosen those at which the model is asked
 */
public record CoarseGrid(double shift, int count, List<Integer> chosen) implements Scheduler {

    @Override
    public Trajectory plan(int steps) {
        Trajectory fine = new FlowMatchEuler(shift).plan(count);
        return new Trajectory() {
            @Override
            public int steps() {
                return chosen.size();
            }

            @Override
            public double timestep(int step) {
                return fine.timestep(chosen.get(step));
            }

            @Override
            public double sigma(int step) {
                return fine.sigma(step < chosen.size() ? chosen.get(step) : count);
            }

            @Override
            public NDArray advance(int step, NDArray latents, NDArray prediction) {
                return latents.add(prediction.mul(sigma(step + 1) - sigma(step)));
            }
        };
    }
}
