/**
 * What the paper's Figures 3 to 6 show, measured on a model: what reusing a prediction at a single step does to the video,
 * how far predictions of adjacent steps are apart and in which frequencies, whether small latents tell as much, and what
 * each block adds.
 */
@NullMarked
package io.lowpass.lab.evaluate.figures;

import org.jspecify.annotations.NullMarked;
