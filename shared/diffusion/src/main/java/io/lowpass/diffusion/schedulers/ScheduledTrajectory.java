package io.lowpass.diffusion.schedulers;

import io.lowpass.diffusion.Trajectory;

/** A trajectory along levels that are known beforehand. */
interface ScheduledTrajectory extends Trajectory {

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
