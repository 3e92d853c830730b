/** Options of measuring commands: the video, the policies that are compared, the prompts. */
@NullMarked
package io.lowpass.lab.options;

import org.jspecify.annotations.NullMarked;
