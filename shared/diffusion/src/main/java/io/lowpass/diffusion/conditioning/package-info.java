/** What a generation is conditioned on and guided by: prompts, images and the specification of the video. */
@NullMarked
package io.lowpass.diffusion.conditioning;

import org.jspecify.annotations.NullMarked;
