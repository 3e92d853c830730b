/**
 * The interface between models and caching methods, and the denoising loop.
 *
 * <p>There are three nested levels: a {@link io.lowpass.diffusion.FeatureCache} wraps the guided prediction of a step, the
 * blocks of one branch's pass, and each sub-layer of a block before its gate. A model offers these levels and knows no
 * caching method; a method wraps them and knows no model.
 *
 * <p>One generation runs on one thread. Within a step the conditioned branch comes first. Arrays have one of three
 * owners: the model (weights), the generation (latents, and what a cache keeps), or the step (everything else, freed when
 * the step ends).
 *
 * <p>This package holds the interface itself. Its values are in {@link io.lowpass.diffusion.blocks}, {@link
 * io.lowpass.diffusion.conditioning}, {@link io.lowpass.diffusion.steps} and {@link io.lowpass.diffusion.cost}.
 */
@NullMarked
package io.lowpass.diffusion;

import org.jspecify.annotations.NullMarked;
