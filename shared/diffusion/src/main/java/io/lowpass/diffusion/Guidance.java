package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Which branches a step predicts, and how they become one prediction.
 *
 * @param scale how far to extrapolate from the unconditioned to the conditioned prediction; 1 or less: no second branch
 */
public record Guidance(double scale) {

    /** For models that were distilled to follow the prompt without a second branch. */
    public static final Guidance NONE = new Guidance(1);

    /** The branches that a step needs, conditioned first. */
    public List<Branch> branches() {
        return scale > 1 ? List.of(Branch.CONDITIONED, Branch.UNCONDITIONED) : List.of(Branch.CONDITIONED);
    }

    /** Classifier-free guidance (Ho and Salimans, 2022): u + scale (c - u). */
    public NDArray join(NDArray conditioned, NDArray unconditioned) {
        return unconditioned.add(conditioned.sub(unconditioned).mul(scale));
    }
}
