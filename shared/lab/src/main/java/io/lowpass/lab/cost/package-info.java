/**
 * What the public checkpoints cost, from their shapes alone: no weights are read, and nothing is generated.
 *
 * <p>A policy's ceiling is not a formula of its own: the policy runs, on a transformer of the checkpoint's shape that
 * computes nothing and whose prediction stands still after the first steps, and the sampler counts what it lets run.
 */
@NullMarked
package io.lowpass.lab.cost;

import org.jspecify.annotations.NullMarked;
