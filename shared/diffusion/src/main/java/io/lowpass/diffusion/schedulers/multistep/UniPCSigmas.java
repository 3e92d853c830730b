package io.lowpass.diffusion.schedulers.multistep;

import io.lowpass.diffusion.schedulers.noise.FinalSigma;
import io.lowpass.diffusion.schedulers.noise.FlowShift;
import io.lowpass.diffusion.schedulers.noise.GivenSigmas;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.SigmaRange;
import io.lowpass.diffusion.schedulers.noise.SigmaSchedule;
import io.lowpass.diffusion.schedulers.noise.SigmaSpacing;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.noise.TrainingSigmas;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The noise levels of diffusers' {@code UniPCMultistepScheduler}.
 *
 * @param flow whether levels are those of a flow ({@code use_flow_sigmas}), or else of a diffusion
 * @param trained the levels of the diffusion; those of a flow may be spread over their range
 * @param shift how far the levels of a flow are moved
 * @param shiftTerminal the level of the last step, if those of a flow are stretched to end there
 * @param given levels before they are shifted, where the scheduler does not make its own
 * @param last the level after the last step
 */
record UniPCSigmas(
        boolean flow,
        TrainingSigmas trained,
        FlowShift shift,
        OptionalDouble shiftTerminal,
        GivenSigmas given,
        FinalSigma last)
        implements SigmaSchedule {

    /** Where the reference moves a first level of 1, at which nothing of the signal is left. */
    private static final double PURE_NOISE_MARGIN = 1e-6;

    static UniPCSigmas of(SchedulerConfig config) {
        boolean flow = config.flag("use_flow_sigmas", false);
        SigmaRange spread = new SigmaRange(config.spread(), config.optional("sigma_max"), config.optional("sigma_min"));
        if (flow) {
            // Spread like this, levels go beyond 1, and the reference's results are not numbers.
            config.requireOff("use_exponential_sigmas", "use_beta_sigmas");
        }
        TrainingSigmas trained =
                TrainingSigmas.of(config, spread, spread.form() == SigmaSpacing.KARRAS, Double.NEGATIVE_INFINITY);
        FlowShift shift = FlowShift.of(config, "flow_shift");
        OptionalDouble terminal = config.shiftTerminal();
        config.require(
                flow || terminal.isEmpty(), "shift_terminal", terminal.orElse(0), "absent without use_flow_sigmas");
        return new UniPCSigmas(flow, trained, shift, terminal, GivenSigmas.of(config), config.finalLevel());
    }

    @Override
    public UniPCSigmas withSigmas(List<Double> sigmas) {
        if (!flow || trained.spread().form() != SigmaSpacing.SHIFTED) {
            throw new IllegalArgumentException(
                    "sigmas is " + sigmas + ", allowed is none with this folder's scheduler: "
                            + (flow ? "use_karras_sigmas spaces its levels anew" : "only use_flow_sigmas takes any"));
        }
        return new UniPCSigmas(flow, trained, shift, shiftTerminal, given.with(sigmas), last);
    }

    @Override
    public Sigmas forSteps(int steps) {
        boolean shifted = trained.spread().form() == SigmaSpacing.SHIFTED;
        if (!flow) {
            double lowest = shifted ? trained.lowest() : trained.spread(steps)[steps - 1];
            return trained.forSteps(steps, last == FinalSigma.ZERO ? 0 : lowest);
        }
        double[] sigmas = shifted
                ? moved(steps)
                : Arrays.stream(trained.spread(steps))
                        .map(ratio -> ratio / (1 + ratio))
                        .toArray();
        double[] times = Arrays.stream(sigmas)
                .map(sigma -> Math.floor(sigma * trained.training().times()))
                .toArray();
        return new Sigmas(times, sigmas, last == FinalSigma.ZERO ? 0 : sigmas[steps - 1]);
    }

    private double[] moved(int steps) {
        double[] spaced = given.forSteps(steps)
                .orElseGet(() -> Sigmas.spaced(1, 1.0 / trained.training().times(), steps + 1));
        double[] sigmas = Arrays.stream(spaced, 0, steps).map(shift::of).toArray();
        if (shiftTerminal.isPresent()) {
            sigmas = Sigmas.stretch(sigmas, shiftTerminal.getAsDouble());
        }
        if (Math.abs(sigmas[0] - 1) < PURE_NOISE_MARGIN) {
            sigmas[0] -= PURE_NOISE_MARGIN;
        }
        given.requireDescending(sigmas);
        return sigmas;
    }
}
