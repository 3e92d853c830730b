/**
 * Compares caching policies on one model in one process: time, work, memory, and how close the videos stay to the
 * uncached run of the same seed.
 */
@NullMarked
package io.lowpass.lab.bench;

import org.jspecify.annotations.NullMarked;
