/**
 * Open-Sora 1.2 (HPC-AI Tech, 2024): the transformer STDiT3 with its captions, configuration, parameters, passes and
 * their cost.
 */
@NullMarked
package io.lowpass.models.opensora;

import org.jspecify.annotations.NullMarked;
