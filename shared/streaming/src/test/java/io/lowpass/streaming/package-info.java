/** Chunk streams against a real broker. */
@NullMarked
package io.lowpass.streaming;

import org.jspecify.annotations.NullMarked;
