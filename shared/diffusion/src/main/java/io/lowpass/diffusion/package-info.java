/**
 * The seam between models and caching methods, and the denoising loop.
 *
 * <p>Three levels nest: a {@link io.lowpass.diffusion.FeatureCache} stands around the guided prediction of a step,
 * around the blocks of one branch's pass, and around one sub-layer of one block before its gate. A model offers those
 * places and knows no method; a method interposes and knows no model.
 *
 * <p>One generation runs on one thread. Within a step the conditioned branch comes first. Arrays have three owners: the
 * model (weights), the generation (latents, and what a cache keeps), the step (everything else, freed when it ends).
 */
@NullMarked
package io.lowpass.diffusion;

import org.jspecify.annotations.NullMarked;
