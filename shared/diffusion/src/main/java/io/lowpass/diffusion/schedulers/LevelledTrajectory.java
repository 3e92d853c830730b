package io.lowpass.diffusion.schedulers;

import io.lowpass.diffusion.Trajectory;

/** A trajectory along levels that are known beforehand. */
interface LevelledTrajectory extends Trajectory {

    /** The levels. */
    Levels levels();

    @Override
    default int steps() {
        return levels().steps();
    }

    @Override
    default double timestep(int step) {
        return levels().timestep(step);
    }

    @Override
    default double sigma(int step) {
        return levels().sigma(step);
    }
}
