/**
 * Compares policies on a model as a reviewer would want it: every prompt and seed under every policy, paired, interleaved
 * in one process, with intervals, the paper's tables, the front of cost and fidelity, and pictures.
 */
@NullMarked
package io.lowpass.lab.evaluate;

import org.jspecify.annotations.NullMarked;
