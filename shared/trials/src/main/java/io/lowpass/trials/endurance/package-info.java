/** The endurance run: many short jobs through one process, and what it takes of the machine before and after. */
@NullMarked
package io.lowpass.trials.endurance;

import org.jspecify.annotations.NullMarked;
