/** What a set of paired measurements says, and how surely. */
@NullMarked
package io.lowpass.lab.statistics;

import org.jspecify.annotations.NullMarked;
