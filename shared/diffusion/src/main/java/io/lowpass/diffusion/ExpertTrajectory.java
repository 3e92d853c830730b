package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The part of a trajectory that one expert predicts, as a schedule of its own: step 0 is the expert's first, and no
 * step follows its last. The solver's history belongs to the whole trajectory.
 *
 * @param expert index of the expert, 0 for the highest noise
 */
record ExpertTrajectory(Trajectory whole, StepRange range, int expert) implements Trajectory {

    /**
     * Splits a trajectory where another expert takes over; experts without steps have no part.
     *
     * @param boundaries descending timesteps; an expert predicts at timesteps at or above its own boundary
     */
    static List<ExpertTrajectory> of(Trajectory whole, List<Double> boundaries) {
        List<ExpertTrajectory> parts = new ArrayList<>();
        int first = 0;
        for (int expert = 0; expert <= boundaries.size(); expert++) {
            double lowest = expert < boundaries.size() ? boundaries.get(expert) : Double.NEGATIVE_INFINITY;
            int end = first;
            while (end < whole.steps() && whole.timestep(end) >= lowest) {
                end++;
            }
            if (end > first) {
                parts.add(new ExpertTrajectory(whole, new StepRange(first, end - first, whole.steps()), expert));
            }
            first = end;
        }
        return parts;
    }

    @Override
    public int steps() {
        return range.count();
    }

    @Override
    public double timestep(int step) {
        return whole.timestep(range.first() + step);
    }

    @Override
    public OptionalDouble precedingTimestep() {
        return range.first() == 0 ? OptionalDouble.empty() : OptionalDouble.of(whole.timestep(range.first() - 1));
    }

    @Override
    public double sigma(int step) {
        return whole.sigma(range.first() + step);
    }

    @Override
    public NDArray advance(int step, NDArray latents, NDArray prediction) {
        return whole.advance(range.first() + step, latents, prediction);
    }

    /** A step of this part, numbered within the whole generation. */
    Step wholeStep(int step) {
        return whole.step(range.first() + step);
    }
}
