package io.lowpass.diffusion.schedulers.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.noise.NoiseSchedule;
import io.lowpass.diffusion.schedulers.solver.AddedNoise;
import io.lowpass.diffusion.schedulers.solver.ScheduledTrajectory;
import io.lowpass.diffusion.schedulers.solver.WeightedSum;
import io.lowpass.tensor.Arrays;
import java.util.Optional;

/**
 * Stochastic DPM-Solver++ of second order (Lu et al., 2022): diffusers' {@code CogVideoXDPMScheduler}. It adds noise at
 * every step but the last, drawn after the initial latents.
 *
 * @param schedule the noise schedule
 * @param noise the added noise
 */
public record CogVideoXDpm(DiffusionSchedule schedule, AddedNoise noise) implements Scheduler {

    /** Not yet with a source of noise. */
    public CogVideoXDpm(DiffusionSchedule schedule) {
        this(schedule, new AddedNoise(true, Optional.empty()));
    }

    @Override
    public Scheduler drawingFrom(NoiseSource source) {
        return new CogVideoXDpm(schedule, noise.drawnFrom(source));
    }

    @Override
    public Trajectory plan(int steps) {
        return new DpmTrajectory(schedule.forSteps(steps), noise.source());
    }

    private static final class DpmTrajectory implements ScheduledTrajectory {

        private final AlphasCumprod schedule;
        private final NoiseSource noise;
        private Optional<NDArray> before = Optional.empty();

        DpmTrajectory(AlphasCumprod schedule, NoiseSource noise) {
            this.schedule = schedule;
            this.noise = noise;
        }

        @Override
        public NoiseSchedule schedule() {
            return schedule;
        }

        @Override
        public NDArray advance(int step, NDArray latents, NDArray prediction) {
            double alpha = schedule.alpha(step);
            double next = schedule.alphaAfter(step);
            double h = lambda(next) - lambda(alpha);
            double growth = -Math.expm1(-2 * h) * Math.sqrt(next);
            NDArray clean = schedule.clean(step, latents, prediction);
            NDArray added = noise.drawLike(latents);
            WeightedSum sum = new WeightedSum().plus(Math.sqrt((1 - next) / (1 - alpha)) * Math.exp(-h), latents);
            if (before.isPresent() && !schedule.passesTimeZero(step)) {
                // The reference also draws noise for the first-order step that it then discards.
                added.close();
                added = noise.drawLike(latents);
                double share = h / (2 * (lambda(alpha) - lambda(schedule.alpha(step - 1))));
                sum.plus(growth * (1 + share), clean).plus(-growth * share, before.get());
            } else {
                sum.plus(growth, clean);
            }
            sum.plus(Math.sqrt(1 - next) * Math.sqrt(-Math.expm1(-2 * h)), added);
            NDArray result = sum.sum();
            close();
            before = Optional.of(Arrays.keep(clean, latents.getManager()));
            return result;
        }

        @Override
        public void close() {
            before.ifPresent(NDArray::close);
            before = Optional.empty();
        }

        /** Half the log signal-to-noise ratio; infinite for pure noise and for pure signal. */
        private static double lambda(double alpha) {
            return Math.log(alpha / (1 - alpha)) / 2;
        }
    }
}
