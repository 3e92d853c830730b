/** Opens a diffusers folder: which pipeline it is, what it can make, and its models. */
@NullMarked
package io.lowpass.models.pipeline;

import org.jspecify.annotations.NullMarked;
