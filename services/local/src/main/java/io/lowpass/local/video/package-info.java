/** Video files, read back. */
@NullMarked
package io.lowpass.local.video;

import org.jspecify.annotations.NullMarked;
