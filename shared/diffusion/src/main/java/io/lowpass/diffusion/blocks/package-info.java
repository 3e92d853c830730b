/** What passes between and within a transformer's blocks: features, signals and sub-layers. */
@NullMarked
package io.lowpass.diffusion.blocks;

import org.jspecify.annotations.NullMarked;
