package io.lowpass.diffusion.schedulers.flow;

import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The schedule of Open-Sora 1.2, called {@code RFLOW}: Euler steps between evenly spaced timesteps, shifted towards
 * noise depending on the number of pixels and frames. The original model predicts the direction from noise to data;
 * here it is reversed, as everywhere in this package.
 *
 * @param trainSteps number of training timesteps
 * @param discrete whether timesteps are rounded before the shift
 * @param transformed whether timesteps are shifted
 */
public record RectifiedFlow(int trainSteps, boolean discrete, boolean transformed) implements Scheduler {

    /** Number of pixels without a shift. */
    private static final double BASE_AREA = 512 * 512;

    /** Number of frames that the VAE encodes together. */
    private static final int CHUNK = 17;

    private static final int LATENT_CHUNK = 5;

    public RectifiedFlow {
        SchedulerConfig.requirePositive("num_timesteps", trainSteps);
    }

    /**
     * The settings of Open-Sora 1.2.
     *
     * @throws IllegalArgumentException if a shift is given, since it follows from the video
     */
    public static RectifiedFlow published(double flowShift) {
        if (flowShift != 1) {
            throw new IllegalArgumentException("flowShift is " + flowShift
                    + ", allowed is 1 with scheduler rflow: the shift follows from the video");
        }
        return new RectifiedFlow(1000, false, true);
    }

    public static RectifiedFlow of(SchedulerConfig config) {
        int trainSteps = config.integer("num_timesteps", 1000);
        boolean discrete = config.flag("use_discrete_timesteps", false);
        boolean transformed = config.flag("use_timestep_transform", false);
        config.requireOneWhereGiven("flow_shift");
        config.requireNoProblems();
        return new RectifiedFlow(trainSteps, discrete, transformed);
    }

    /**
     * Plans a trajectory without a video.
     *
     * @throws IllegalStateException if timesteps depend on the video
     */
    @Override
    public Trajectory plan(int steps) {
        if (transformed) {
            throw new IllegalStateException("times depend on the video, which is not given");
        }
        return plan(steps, 1.0);
    }

    /**
     * Plans a trajectory.
     *
     * @throws IllegalArgumentException if there are no steps, or more than one frame but less than a chunk of 17, for
     *     which the shift is not defined
     */
    @Override
    public Trajectory plan(int steps, VideoSpec spec) {
        return plan(steps, transformed ? ratio(spec) : 1);
    }

    private Trajectory plan(int steps, double ratio) {
        SchedulerConfig.requirePositive("steps", steps);
        double[] timesteps = IntStream.range(0, steps)
                .mapToDouble(step -> (1 - (double) step / steps) * trainSteps)
                .map(time -> discrete ? Math.rint(time) : time)
                .map(time -> Sigmas.shift(time / trainSteps, ratio) * trainSteps)
                .toArray();
        double[] sigmas =
                Arrays.stream(timesteps).map(time -> time / trainSteps).toArray();
        return new EulerTrajectory(new Sigmas(timesteps, sigmas, 0));
    }

    private static double ratio(VideoSpec spec) {
        int latentFrames = spec.frames() == 1 ? 1 : spec.frames() / CHUNK * LATENT_CHUNK;
        if (latentFrames == 0) {
            throw new IllegalArgumentException(
                    "frames is " + spec.frames() + ", allowed is 1, or " + CHUNK + " and more");
        }
        double area = (double) spec.height() * spec.width();
        return Math.sqrt(area / BASE_AREA) * Math.sqrt(latentFrames);
    }
}
