package io.lowpass.diffusion.schedulers.solver;

import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.noise.NoiseSchedule;

/** A trajectory along levels that are known beforehand. */
public interface ScheduledTrajectory extends Trajectory {

    /** The levels. */
    NoiseSchedule schedule();

    @Override
    default int steps() {
        return schedule().steps();
    }

    @Override
    default double timestep(int step) {
        return schedule().timestep(step);
    }

    @Override
    default double sigma(int step) {
        return schedule().sigma(step);
    }
}
