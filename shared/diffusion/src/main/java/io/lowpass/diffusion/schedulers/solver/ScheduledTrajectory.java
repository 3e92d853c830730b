package io.lowpass.diffusion.schedulers.solver;

import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.noise.NoiseSchedule;

/** A trajectory with a noise schedule that is known in advance. */
public interface ScheduledTrajectory extends Trajectory {

    /** The noise schedule. */
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
