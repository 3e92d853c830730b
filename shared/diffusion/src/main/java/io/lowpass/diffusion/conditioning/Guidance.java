package io.lowpass.diffusion.conditioning;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.steps.Step;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The branches of a step, and how their predictions are combined.
 *
 * @param scale guidance scale: extrapolation from the unconditioned to the conditioned prediction; 1 or less disables
 *     the unconditioned branch
 * @param dynamic whether the scale changes from step to step, as in CogVideoX: 1 + scale (1 - cos(pi p^5)) / 2, where p
 *     is (number of steps - timestep) / number of steps
 * @param scale2 the scale for the second of two experts; by default {@code scale}, which determines the branches of all
 *     steps
 */
public record Guidance(double scale, boolean dynamic, OptionalDouble scale2) {

    /** For models with distilled guidance, which need no second branch. */
    public static final Guidance NONE = new Guidance(1);

    /** The same scale at every step. */
    public Guidance(double scale) {
        this(scale, false);
    }

    /** The same for all experts. */
    public Guidance(double scale, boolean dynamic) {
        this(scale, dynamic, OptionalDouble.empty());
    }

    /** A copy with another scale for the second of two experts. */
    public Guidance withScale2(double other) {
        return new Guidance(scale, dynamic, OptionalDouble.of(other));
    }

    /** A copy with or without dynamic guidance. */
    public Guidance dynamic(boolean changes) {
        return new Guidance(scale, changes, scale2);
    }

    /** The branches that a step needs, conditioned first. */
    public List<Branch> branches() {
        return scale > 1 ? List.of(Branch.CONDITIONED, Branch.UNCONDITIONED) : List.of(Branch.CONDITIONED);
    }

    /** Classifier-free guidance (Ho and Salimans, 2022): u + scale (c - u), with the scale of the step. */
    public NDArray join(Step step, NDArray conditioned, NDArray unconditioned) {
        return join(step, 0, conditioned, unconditioned);
    }

    /**
     * Applies guidance with the scale of a step.
     *
     * @param expert index of the expert of this step
     */
    public NDArray join(Step step, int expert, NDArray conditioned, NDArray unconditioned) {
        double applied = expert > 0 && scale2.isPresent() ? scale2.getAsDouble() : scaleAt(step);
        return unconditioned.add(conditioned.sub(unconditioned).mul(applied));
    }

    /** The scale of a step. */
    double scaleAt(Step step) {
        if (!dynamic) {
            return scale;
        }
        double progress = (step.count() - step.timestep()) / step.count();
        return 1 + scale * (1 - Math.cos(Math.PI * Math.pow(progress, 5))) / 2;
    }
}
