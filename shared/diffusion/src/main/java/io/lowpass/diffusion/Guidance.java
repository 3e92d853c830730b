package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Which branches a step predicts, and how they become one prediction.
 *
 * @param scale how far to extrapolate from the unconditioned to the conditioned prediction; 1 or less: no second branch
 * @param dynamic whether the scale changes from step to step, as CogVideoX offers: 1 + scale (1 - cos(pi p^5)) / 2,
 *     where p is (number of steps - timestep) / number of steps
 */
public record Guidance(double scale, boolean dynamic) {

    /** For models that were distilled to follow the prompt without a second branch. */
    public static final Guidance NONE = new Guidance(1);

    /** The same scale at every step. */
    public Guidance(double scale) {
        this(scale, false);
    }

    /** The branches that a step needs, conditioned first. */
    public List<Branch> branches() {
        return scale > 1 ? List.of(Branch.CONDITIONED, Branch.UNCONDITIONED) : List.of(Branch.CONDITIONED);
    }

    /** Classifier-free guidance (Ho and Salimans, 2022): u + scale (c - u), with the scale of the step. */
    public NDArray join(Step step, NDArray conditioned, NDArray unconditioned) {
        return unconditioned.add(conditioned.sub(unconditioned).mul(scaleAt(step)));
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
