package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Which branches a step predicts, and how they become one prediction.
 *
 * @param scale how far to extrapolate from the unconditioned to the conditioned prediction; 1 or less: no second branch
 * @param dynamic whether the scale changes from step to step, as CogVideoX offers: 1 + scale (1 - cos(pi p^5)) / 2,
 *     where p is (number of steps - timestep) / number of steps
 * @param later the scale at the steps of the second of two experts; where absent, as {@code scale}, which decides on
 *     the branches of all steps
 */
public record Guidance(double scale, boolean dynamic, OptionalDouble later) {

    /** For models that were distilled to follow the prompt without a second branch. */
    public static final Guidance NONE = new Guidance(1);

    /** The same scale at every step. */
    public Guidance(double scale) {
        this(scale, false);
    }

    /** One rule for all steps. */
    public Guidance(double scale, boolean dynamic) {
        this(scale, dynamic, OptionalDouble.empty());
    }

    /** The same with another scale at the steps of the second of two experts. */
    public Guidance withLater(double other) {
        return new Guidance(scale, dynamic, OptionalDouble.of(other));
    }

    /** The same scale, changing from step to step or not. */
    public Guidance dynamic(boolean changes) {
        return new Guidance(scale, changes, later);
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
     * Guidance with the scale of a step.
     *
     * @param expert number of the expert that predicted both branches
     */
    NDArray join(Step step, int expert, NDArray conditioned, NDArray unconditioned) {
        double applied = expert > 0 && later.isPresent() ? later.getAsDouble() : scaleAt(step);
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
