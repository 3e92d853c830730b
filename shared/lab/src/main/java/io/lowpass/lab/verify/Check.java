package io.lowpass.lab.verify;

import ai.djl.ndarray.NDManager;
import io.lowpass.lab.quality.ReferenceCase;

/** How one kind of component is tried. */
@FunctionalInterface
interface Check {

    /**
     * Computes what the case expects and compares it.
     *
     * @param memory owner of everything computed; closed after the case
     * @throws Unsupported if this build lacks what the case is about
     */
    void run(ReferenceCase reference, NDManager memory, Comparison comparison);
}
