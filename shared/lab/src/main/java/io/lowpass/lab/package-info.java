/**
 * The laboratory: commands that measure models and cache policies in this process, without Kafka.
 *
 * <p>{@link io.lowpass.lab.verify} compares with references, {@link io.lowpass.lab.bench} and {@link
 * io.lowpass.lab.evaluate} compare policies, {@link io.lowpass.lab.calibrate} fits them to a model, {@link
 * io.lowpass.lab.cost} counts what checkpoints cost. What makes the videos is what serves them: {@link
 * io.lowpass.generation}.
 */
@NullMarked
package io.lowpass.lab;

import org.jspecify.annotations.NullMarked;
