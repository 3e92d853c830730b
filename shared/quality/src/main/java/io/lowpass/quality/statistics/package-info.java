/** What a set of paired measurements says, and how surely. */
@NullMarked
package io.lowpass.quality.statistics;

import org.jspecify.annotations.NullMarked;
