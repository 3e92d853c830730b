/** Images that videos start from: pixels, their preparation, and the encoder of CLIP. */
@NullMarked
package io.lowpass.models.vision;

import org.jspecify.annotations.NullMarked;
