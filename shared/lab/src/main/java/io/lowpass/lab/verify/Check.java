package io.lowpass.lab.verify;

import ai.djl.ndarray.NDManager;
import io.lowpass.lab.quality.ReferenceCase;

/** Verifies one kind of component. */
@FunctionalInterface
interface Check {

    /**
     * Computes what the case expects and compares it.
     *
     * @param memory owner of everything computed; closed after the case
     * @throws Unsupported if this build does not support the case
     */
    void run(ReferenceCase reference, NDManager memory, Comparison comparison);
}
