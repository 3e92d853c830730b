/** Servers in processes of their own, and what can be asked of them from outside. */
@NullMarked
package io.lowpass.trials.processes;

import org.jspecify.annotations.NullMarked;
