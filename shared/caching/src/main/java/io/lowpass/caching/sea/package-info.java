/** SeaCache (2026): the change of the latents themselves, behind a filter that keeps what is signal at their noise. */
@NullMarked
package io.lowpass.caching.sea;

import org.jspecify.annotations.NullMarked;
