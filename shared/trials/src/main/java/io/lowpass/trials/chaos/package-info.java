/**
 * The chaos run: real processes that are killed, stopped and cut off while jobs go through them, and a look at what
 * became of the jobs. What is done when follows from a seed.
 */
@NullMarked
package io.lowpass.trials.chaos;

import org.jspecify.annotations.NullMarked;
