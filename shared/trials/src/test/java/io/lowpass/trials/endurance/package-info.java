/** Tests of the endurance run. */
package io.lowpass.trials.endurance;
