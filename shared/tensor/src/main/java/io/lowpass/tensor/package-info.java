/**
 * DJL with what it lacks: TorchScript kernels compiled in the process, safetensors by memory map, bfloat16, seeded
 * random numbers.
 *
 * <p>Ownership: results of a kernel belong to the manager that the caller names. Code that runs many operations opens
 * an {@code NDScope} and takes what it keeps out of it with {@link io.lowpass.tensor.Arrays#keep}.
 */
@NullMarked
package io.lowpass.tensor;

import org.jspecify.annotations.NullMarked;
