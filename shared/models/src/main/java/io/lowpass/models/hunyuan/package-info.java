/**
 * HunyuanVideo (text to video; Kong et al., 2024), as diffusers stores it: the two-stream transformer with its token
 * refiner, the prompt's two encoders, the causal autoencoder in tiles, their settings, parameters and cost.
 */
@NullMarked
package io.lowpass.models.hunyuan;

import org.jspecify.annotations.NullMarked;
