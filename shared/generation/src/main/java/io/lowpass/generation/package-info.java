/** From what is asked for to latents and frames, in this process: what the sampler serves and the laboratory measures. */
@NullMarked
package io.lowpass.generation;

import org.jspecify.annotations.NullMarked;
